# Runs the workflow from the repository's root; everything is in workflow/.
include: "workflow/Snakefile"


# An include restores the default target, so it is named once more.
rule default:
    default_target: True
    input:
        rules.all.input,
