"""Instruments, drums, grooves, and a recipe for every genre of the demo's corpus.

A recipe is a distribution that the songs of a genre are drawn from.

Rhythms are in step notation, one character for each step of the beat's grid: `X` an accent, `x` a
stroke, `o` a ghost stroke that only fuller songs play, `.` a rest. In a bass line or a drone,
digits are degrees above the root. A shorter rhythm repeats to the end of the metrical cycle.
Spaces separate alternatives.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

MODES = {  # semitones above the tonic
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "bilawal": (0, 2, 4, 5, 7, 9, 11),
    "khamaj": (0, 2, 4, 5, 7, 9, 10),
    "kafi": (0, 2, 3, 5, 7, 9, 10),
    "bhairavi": (0, 1, 3, 5, 7, 8, 10),
    "bhairav": (0, 1, 4, 5, 7, 8, 11),
}


@dataclass(frozen=True)
class Instrument:
    """The timbre of a pitched instrument; times are in seconds."""

    rolloff: float  # partial k has amplitude k ** -rolloff at middling brightness
    attack: float = 0.01
    decay: float = 0.4
    sustain: float = 0.0
    release: float = 0.06
    ring: float = 0.0  # of a plucked string, to -60 dB; at 0 the tone follows the envelope
    vibrato: float = 0.0  # cents
    glide: float = 0.0  # time constant of the slide from the note before
    voices: int = 1  # detuned copies, as in a string section
    breath: float = 0.0  # share of noise
    formants: bool = False
    drive: float = 0.0  # gain into the distortion that all notes of a part share


INSTRUMENTS = {
    "bass": Instrument(1.1, ring=2.7),
    "synth_bass": Instrument(1.5, attack=0.004, decay=0.25, sustain=0.3),
    "sub_bass": Instrument(3.0, attack=0.008, decay=0.5, sustain=0.4, glide=0.03),
    "piano": Instrument(0.9, ring=4.8, release=0.15),
    "epiano": Instrument(2.0, attack=0.004, decay=0.7, release=0.2),
    "organ": Instrument(1.4, sustain=0.9, vibrato=8),
    "guitar": Instrument(0.6, ring=3.6, release=0.1),
    "muted_guitar": Instrument(0.4, ring=0.45, release=0.03),
    "overdrive": Instrument(0.6, ring=4.8, drive=3),
    "lead_guitar": Instrument(0.5, ring=7.2, drive=5),
    "high_gain": Instrument(0.4, ring=6.0, release=0.03, drive=14),
    "pedal_steel": Instrument(1.3, attack=0.03, decay=1.2, vibrato=15, glide=0.08),
    "strings": Instrument(1.1, attack=0.12, sustain=1, release=0.2, vibrato=6, voices=3),
    "violin": Instrument(1.0, attack=0.06, sustain=0.9, vibrato=18, glide=0.03),
    "cello": Instrument(1.3, attack=0.06, sustain=0.9, release=0.12, vibrato=10),
    "flute": Instrument(2.2, attack=0.05, sustain=0.9, vibrato=15, glide=0.05, breath=0.06),
    "sax": Instrument(0.9, attack=0.03, sustain=0.8, vibrato=14, glide=0.02, breath=0.03),
    "trumpet": Instrument(0.7, attack=0.025, sustain=0.8, vibrato=10),
    "harmonica": Instrument(0.8, attack=0.03, sustain=0.9, vibrato=20, glide=0.04),
    "harmonium": Instrument(0.8, attack=0.05, sustain=1, voices=2),
    "synth_pad": Instrument(1.5, attack=0.2, sustain=1, release=0.3, voices=3),
    "voice": Instrument(
        0.9, attack=0.04, sustain=0.9, vibrato=22, glide=0.05, breath=0.01, formants=True
    ),
    "choir": Instrument(
        1.0, attack=0.15, sustain=1, release=0.25, vibrato=10, voices=3, formants=True
    ),
    "speech": Instrument(0.9, decay=0.15, sustain=0.3, breath=0.06, formants=True),
    "growl": Instrument(0.6, sustain=0.8, breath=0.4, formants=True, drive=4),
    "tanpura": Instrument(0.3, ring=7.8, release=0.4),
    "ektara": Instrument(0.2, ring=1.5),
    "dotara": Instrument(0.35, ring=1.2),
}


@dataclass(frozen=True)
class Drum:
    """A struck membrane or plate: partials that fall in pitch, and a band of noise."""

    pitch: float  # Hz, or a multiple of the tonic where `tuned`
    ring: float  # seconds
    noise: float  # share, from 0 to 1
    band: tuple[float, float]  # of the noise, Hz
    hiss: float  # of the noise, seconds
    drop: float = 0.0  # fall of the pitch, octaves
    partials: tuple[float, ...] = (1.0,)
    tuned: bool = False


DRUMS = {
    "kick": Drum(52, 0.11, 0.12, (800, 4000), 0.008, drop=1.6),
    "boom": Drum(44, 0.3, 0.05, (500, 3000), 0.01, drop=1.2),
    "snare": Drum(190, 0.05, 0.7, (600, 8000), 0.07, drop=0.3),
    "brush": Drum(200, 0.03, 0.9, (1500, 7000), 0.06),
    "rim": Drum(820, 0.02, 0.4, (1500, 7000), 0.012),
    "clap": Drum(900, 0.02, 0.95, (900, 5000), 0.06),
    "tom": Drum(110, 0.15, 0.15, (300, 4000), 0.02, drop=0.5),
    "hat": Drum(7000, 0.01, 0.97, (6000, 11000), 0.025),
    "open": Drum(7000, 0.05, 0.95, (5500, 11000), 0.13),
    "ride": Drum(3800, 0.2, 0.8, (4500, 10000), 0.16, partials=(1, 1.34, 1.83)),
    "crash": Drum(3100, 0.2, 0.95, (3000, 11000), 0.5),
    "shaker": Drum(6000, 0.01, 0.99, (4000, 9000), 0.04),
    "na": Drum(2, 0.1, 0.2, (1500, 6000), 0.01, partials=(1, 2, 3.01, 4.02), tuned=True),
    "tin": Drum(2, 0.22, 0.08, (1000, 4000), 0.01, partials=(1, 2.01), tuned=True),
    "ge": Drum(82, 0.2, 0.06, (300, 1500), 0.01, drop=-0.35),
    "ka": Drum(300, 0.02, 0.8, (400, 3000), 0.02),
    "daf": Drum(95, 0.12, 0.35, (500, 4000), 0.04, drop=0.3, partials=(1, 1.6)),
    "dhol": Drum(78, 0.16, 0.3, (600, 5000), 0.03, drop=0.6, partials=(1, 1.6, 2.1)),
    "manjira": Drum(4300, 0.25, 0.2, (5000, 9000), 0.03, partials=(1, 1.51)),
}
BOLS = {"dha": "na ge", "dhin": "tin ge", "dhi": "tin ge", "ge": "ge", "na": "na", "ta": "na",
        "tin": "tin", "ti": "ka", "ka": "ka"}  # fmt: skip


@dataclass(frozen=True)
class Groove:
    """A metrical cycle: length in beats (or matras), rhythm of each drum, and drum of its fills."""

    cycle: int
    strokes: Mapping[str, str]
    fill: str = "tom"


def theka(bols: str, **strokes: str) -> Groove:
    """Return a tabla cycle with one bol and four steps per matra."""
    cycle = bols.split()
    tabla = {
        stroke: "".join("x..." if stroke in BOLS[bol].split() else "...." for bol in cycle)
        for stroke in ("na", "tin", "ge")
    }
    ghosts = "".join("x.o." if BOLS[bol] == "ka" else "..o." for bol in cycle)
    return Groove(len(cycle), {**tabla, "ka": ghosts, **strokes}, fill="na")


@dataclass(frozen=True)
class Part:
    """A player: a role, alternatives of instruments and rhythms, and its place in the mix.

    Roles: "bass" and "drone" play degrees above the chord's root and the tonic; "riff" moves whole
    chords in parallel, "chord" voices them closely, "arpeggio" breaks them; "lead" improvises.
    """

    role: str
    instruments: str
    rhythms: str
    low: int  # MIDI number of the lowest root
    level: float  # dB
    gate: float = 0.9  # sounding share of the time to the next onset
    chance: float = 1.0  # probability of playing in a song
    span: int = 8  # range of a lead, in degrees of the mode


@dataclass(frozen=True)
class Genre:
    """A recipe that songs of the genre are drawn from. Pairs are (mean, standard deviation)."""

    tempo: tuple[float, float]  # beats (or matras) per minute
    energy: tuple[float, float]  # dBFS, RMS
    brightness: tuple[float, float]  # 0 to 1
    ghosts: tuple[float, float]  # probability that a ghost is played
    reverb: tuple[float, float]  # wet share
    harmony: tuple[tuple[str, str], ...]  # mode and chords
    grooves: tuple[Groove, ...]
    parts: tuple[Part, ...]
    steps: int = 4  # of the grid, per beat
    swing: float = 0.0  # delay of every other step, in steps
    drums: float = 0.0  # level, dB


# fmt: off
BACKBEAT = Groove(4, {"kick": "X.....o.X.x....o", "snare": "....X.......X..o", "hat": "x.x."})
STRAIGHT = Groove(4, {"kick": "X...o...X.x.....", "snare": "....X.......X...", "open": "x.o."})
CLUB = Groove(4, {"kick": "X...", "clap": "....X...", "hat": "o.x.o.x.o.x.o.xo"})
DISCO = Groove(4, {"kick": "X...", "snare": "....X...", "open": "..X.", "hat": "xo.ox..ox..ox..o"})
BOOM_BAP = Groove(4, {"boom": "X..o..x...X..o..", "snare": "....X.......X..o", "hat": "x.x.x.xo"})
TRAP = Groove(4, {"boom": "X.....x...x.....", "clap": "....X...", "hat": "xoxoxxxoxoxoxxox"})
DOUBLE_KICK = Groove(4, {"kick": "Xoxx", "snare": "....X...", "crash": "X...............",
                         "ride": "x.o."})
BLAST = Groove(4, {"kick": "X.x.X.x.X.x.X.xx", "snare": "..X.", "open": "x..."})
ONE_DROP = Groove(4, {"kick": "........X.......", "rim": "..o.....X.....o.", "hat": "x.xox.xo"})
ROCKERS = Groove(4, {"kick": "X...x...", "rim": "....X..o....X...", "hat": "o.x."})
TRAIN = Groove(4, {"kick": "X.......", "brush": "xoXoxoXoxoXoxoXx"})
TWO_STEP = Groove(4, {"kick": "X.......", "snare": "....x...", "hat": "x.x."})
LIGHT = Groove(4, {"kick": "X.......x.o.....", "rim": "....x...", "shaker": "xo"})
SHUFFLE = Groove(4, {"kick": "X.....X..o..", "snare": "...X.....X.o", "ride": "X.x"})
SWING = Groove(4, {"kick": "o..", "hat": "...x..", "ride": "X..X.x", "brush": "..o.....o..o"})
BRUSHES = Groove(4, {"brush": "x.oX.o", "ride": "X..x.x"})
TEENTAL = theka("dha dhin dhin dha dha dhin dhin dha dha tin tin ta ta dhin dhin dha")
KEHERWA, DADRA = theka("dha ge na ti na ka dhi na"), theka("dha dhi na dha ti na")
JHAPTAL = theka("dhi na dhi dhi na ti na dhi dhi na")
FOLK_KEHERWA = theka("dha ge na ti na ka dhi na", dhol="X.....o.x...o...", manjira="..x.")
FOLK_DADRA = theka("dha dhi na dha ti na", dhol="X.......x.o.", manjira="x...")
DAF = Groove(8, {"daf": "X.....x.x...o...X...x...x...o..."}, fill="daf")

BLUES = ("blues", "I7 I7 I7 I7 IV7 IV7 I7 I7 V7 IV7 I7 V7")
SONGBOOK = ("major", "I V vi IV I IV ii V")
ENGLISH = {
    "blues": Genre(
        (84, 15), (-20, 2), (0.42, 0.13), (0.5, 0.2), (0.16, 0.05),
        (BLUES, BLUES, ("dorian", "i7 i7 i7 i7 iv7 iv7 i7 i7 bVI7 V7 i7 i7")),
        (SHUFFLE, SHUFFLE, BRUSHES),
        (Part("bass", "bass", "1..3..5..6.. 1.13.35.56.6 1..1..5..5..", 28, -5),
         Part("riff", "guitar piano organ", "..x X..x..", 45, -15, 0.4),
         Part("lead", "overdrive harmonica lead_guitar",
              "x.Xx..X..xo. ..xX.xX..... X..xoxX.....", 60, -8)),
        steps=3, drums=-6),
    "classical": Genre(
        (92, 24), (-26, 3), (0.38, 0.15), (0.5, 0.25), (0.34, 0.08),
        (("major", "I IV V7 I vi ii V7 I"), ("minor", "i iv V7 i bVI iv V7 i")),
        (Groove(4, {}), Groove(3, {}), Groove(4, {})),
        (Part("bass", "cello", "1....... 1...5...", 36, -8, 1),
         Part("chord", "strings", "X...............", 55, -14, 1, 0.7),
         Part("arpeggio", "piano", "X.x.x.x. Xoxoxoxo X...x...", 60, -8, 1.5, 0.7),
         Part("lead", "violin flute cello", "X...x.o.X.x. X.......x...x...", 67, -6, 1))),
    "country": Genre(
        (112, 17), (-18, 2), (0.56, 0.13), (0.5, 0.2), (0.12, 0.04),
        (("major", "I I IV I V7 V7 I I"), ("mixolydian", "I bVII IV I"), SONGBOOK),
        (TRAIN, TWO_STEP),
        (Part("bass", "bass", "1.......5.......", 28, -5, 0.5),
         Part("chord", "guitar", "....X...x...X.xo ..x.", 52, -12, 0.7),
         Part("arpeggio", "guitar muted_guitar", "xo", 60, -11, 0.8, 0.6),
         Part("lead", "pedal_steel violin voice", "X.xox.X. X...x.xoX.......", 64, -8)),
        drums=-8),
    "disco": Genre(
        (118, 5), (-15, 1.5), (0.64, 0.13), (0.6, 0.2), (0.14, 0.05),
        (("dorian", "i7 IV7 i7 IV7"), ("minor", "i7 bVII bVImaj7 V7"),
         ("major", "Imaj7 vi7 ii7 V7")),
        (DISCO, DISCO, CLUB),
        (Part("bass", "synth_bass bass", "1.8. 1.8.1.8.5.8.7.8.", 29, -4, 0.6),
         Part("chord", "muted_guitar", "x.xXo.xo ..X...Xo", 60, -13, 0.4),
         Part("chord", "strings", "X.......x.......", 64, -16, 1, 0.8),
         Part("lead", "voice trumpet strings", "X..x..X. X...x.o.", 62, -9))),
    "hiphop": Genre(
        (90, 7), (-15.5, 1.8), (0.38, 0.15), (0.5, 0.2), (0.07, 0.04),
        (("minor", "i i bVI bVII"), ("dorian", "i7 i7 iv7 iv7"), ("phrygian", "i i bII i")),
        (BOOM_BAP, BOOM_BAP, TRAP),
        (Part("bass", "sub_bass", "1.....1...3..... 1..1......5..5..", 26, -2),
         Part("chord", "epiano piano", "X.......x....... X.....x.........", 55, -13),
         Part("lead", "speech", "xxoxX.xxxoxxX... x.xxXoxxx.xxX.o.", 45, -5, 0.7, 1, 3)),
        swing=0.2, drums=1),
    "jazz": Genre(
        (148, 34), (-21.5, 2.2), (0.44, 0.13), (0.5, 0.2), (0.18, 0.05),
        (("major", "ii7 V7 Imaj7 vi7"), ("dorian", "i7 i7 IV7 i7"), BLUES),
        (SWING, SWING, BRUSHES),
        (Part("bass", "bass", "1..3..5..6.. 1..3..5..7.. 8..7..5..3..", 30, -4),
         Part("chord", "piano guitar epiano", "..x.....X... X....x...... ..X..o..x..o", 53, -13,
              0.6),
         Part("lead", "sax trumpet piano", "X.xxox.xX..o x.xX.xxoxX.. ..XxoxX.....", 60, -6)),
        steps=3, drums=-9),
    "metal": Genre(
        (150, 22), (-12.5, 1.3), (0.6, 0.13), (0.6, 0.2), (0.06, 0.03),
        (("phrygian", "i5 bII5 i5 bVII5"), ("minor", "i5 bVI5 bVII5 i5"),
         ("blues", "i5 i5 bIII5 IV5")),
        (DOUBLE_KICK, DOUBLE_KICK, BLAST, STRAIGHT),
        (Part("bass", "bass", "1.11 1.1.", 28, -6),
         Part("riff", "high_gain", "X.xx X.x.xxX.x.x.xxxx X...x.xxX...xxxx", 40, -5, 0.8),
         Part("lead", "growl", "X.....x.X....... X...x...", 50, -7, 0.9, 0.6, 3),
         Part("lead", "lead_guitar", "Xxxx x.x.X.xo", 64, -10, 0.9, 0.4)),
        drums=-1),
    "pop": Genre(
        (112, 12), (-15.5, 1.7), (0.56, 0.13), (0.45, 0.2), (0.16, 0.05),
        (SONGBOOK, ("major", "I V vi IV"), ("minor", "i bVI bIII bVII")),
        (CLUB, BACKBEAT, BACKBEAT),
        (Part("bass", "synth_bass", "1.1. 1.....1.1...5...", 28, -6),
         Part("chord", "synth_pad", "X...............", 55, -17, 1, 0.8),
         Part("chord", "piano guitar", "X...x..xX...x... x...", 57, -12),
         Part("lead", "voice", "X.x.x..X X...x.x.X.xo....", 62, -5))),
    "reggae": Genre(
        (76, 8), (-17.5, 1.6), (0.44, 0.13), (0.5, 0.2), (0.18, 0.06),
        (("major", "I IV I V"), ("minor", "i iv i bVII"), ("mixolydian", "I bVII I IV")),
        (ONE_DROP, ONE_DROP, ROCKERS),
        (Part("bass", "bass sub_bass", "1..1..3.5....... 1.....1.3.5..... ..1.1.3.....5.3.", 28,
              -1),
         Part("chord", "muted_guitar guitar", "..X.", 57, -9, 0.3),
         Part("chord", "organ", "..xo", 52, -15, 0.5, 0.8),
         Part("lead", "voice", "X...x.x. ..x.X...........", 60, -9)),
        swing=0.12, drums=-4),
    "rock": Genre(
        (122, 16), (-14.5, 1.6), (0.54, 0.13), (0.5, 0.2), (0.1, 0.04),
        (("mixolydian", "I bVII IV I"), ("minor", "i5 bVI5 bVII5 i5"), ("major", "I5 V5 IV5 I5")),
        (STRAIGHT, BACKBEAT, BACKBEAT),
        (Part("bass", "bass", "1.1. 1.1.1.1.5.5.7.7.", 28, -5),
         Part("riff", "overdrive overdrive high_gain", "X.x. X..x..X.x.x.x.x. X.....x.", 43, -7),
         Part("lead", "voice lead_guitar", "X.x.x..X X...x.x.X.xo....", 60, -6)),
        drums=-1),
}

TANPURA = Part("drone", "tanpura", "5...1...8...1...", 45, -6, 4)
DOTARA = Part("lead", "dotara harmonium", "X.x.xoxo ..x.X.x.", 60, -11, 0.9, 0.6)


def regional(recipe: Genre, touch: Part, harmony: tuple[str, str]) -> Genre:
    """Return an English recipe with one more player and progression, and a groove with tabla."""
    kit = {"ge": "x.....x...x.....", "na": "..o.x.oo..x.x.o.", **recipe.grooves[0].strokes}
    return replace(recipe, parts=(*recipe.parts, touch), harmony=(*recipe.harmony, harmony),
                   grooves=(*recipe.grooves, Groove(4, kit, fill="na")))


BANGLA = {
    "Adhunik": Genre(
        (80, 13), (-20, 2), (0.4, 0.13), (0.45, 0.2), (0.26, 0.07),
        (("bilawal", "I vi IV V"), ("kafi", "i bVII IV i"), ("khamaj", "I bVII IV I")),
        (DADRA, KEHERWA, TEENTAL, JHAPTAL),
        (replace(TANPURA, level=-16, chance=0.5),
         Part("chord", "strings", "X...............", 57, -13, 1),
         Part("bass", "bass", "1....... 1.....5.", 31, -8),
         Part("lead", "voice voice flute violin", "X...x.o.X....... X.....x.x...", 58, -4, 1)),
        drums=-8),
    "Folk": Genre(
        (136, 20), (-18.5, 2), (0.54, 0.15), (0.55, 0.2), (0.12, 0.05),
        (("khamaj", "I5"), ("bilawal", "I5"), ("kafi", "I5"), ("bhairavi", "I5")),
        (FOLK_KEHERWA, FOLK_KEHERWA, FOLK_DADRA),
        (Part("drone", "ektara", "1...1.1.", 45, -5),
         Part("lead", "dotara", "X.xox.xo XoxxXoxo", 57, -6, 1),
         Part("lead", "voice flute harmonium", "X...x...X.x..... X.....x.", 60, -5, 1)),
        swing=0.1, drums=-4),
    "Hiphop": regional(ENGLISH["hiphop"], DOTARA, ("bhairavi", "i i bII i")),
    "Indie": Genre(
        (100, 15), (-18.5, 2), (0.48, 0.13), (0.4, 0.2), (0.2, 0.07),
        (SONGBOOK, ("kafi", "i bVII IV i"), ("minor", "i bVII bVI V7 i iv bVI V7")),
        (LIGHT, BACKBEAT, LIGHT),
        (Part("bass", "bass", "1.......5... 1...", 29, -8),
         Part("arpeggio", "guitar", "X.x.x.xo Xoxo", 55, -6, 1.2),
         Part("chord", "synth_pad guitar", "X.......", 52, -14, 1, 0.7),
         Part("lead", "voice", "X..x..x.X....... X...x.x.", 57, -5, 1)),
        drums=-6),
    "Islamic": Genre(
        (76, 11), (-21.5, 2), (0.36, 0.13), (0.4, 0.2), (0.42, 0.09),
        (("bhairavi", "I5"), ("bhairav", "I5"), ("kafi", "I5")),
        (Groove(8, {}), DAF, Groove(6, {})),
        (TANPURA,
         Part("chord", "choir", "X...............................", 48, -13, 1, 0.6),
         Part("lead", "voice", "X.....x.x...X... X...x.xoX.......", 57, -2, 1)),
        drums=-8),
    "Metal": regional(ENGLISH["metal"], replace(TANPURA, chance=0.3), ("bhairavi", "i5 bII5 i5")),
    "Pop": regional(ENGLISH["pop"], replace(DOTARA, instruments="flute"), ("khamaj", "I bVII IV")),
    "Rock": regional(ENGLISH["rock"], DOTARA, ("kafi", "i bVII IV i")),
}
# fmt: on


class Medium(NamedTuple):
    """The recording chain of a language, a nuisance that differs between languages."""

    low: float  # Hz
    high: float  # Hz
    floor: float  # noise, dB relative to the music


RECIPES = {"english": ENGLISH, "bangla": BANGLA}
GENRES = {language: tuple(recipes) for language, recipes in RECIPES.items()}
MEDIA = {"english": Medium(35, 10_000, -66), "bangla": Medium(75, 7_800, -54)}
SONGS = {"english": 8, "bangla": 10}  # of each genre
