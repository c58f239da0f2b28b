"""Figures as tests look at them."""


def rendered(figure):
    """Draw for real, because that is when text is laid out."""
    figure.canvas.draw()
    return figure


def texts(figure):
    found = [text.get_text() for text in figure.findobj(lambda a: hasattr(a, "get_text"))]
    return [text for text in found if text]
