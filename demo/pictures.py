"""Pictures that customers of the demo send: drawn on the spot, so that no file has to come with the program."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO
from math import cos, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = WIDTH, HEIGHT = 560, 420
Point = tuple[float, float]
Drawer = Callable[[ImageDraw.ImageDraw, Random], None]
CHINA, INK, SHADOW, WOOD, CLAY = "#f3f0ea", "#3a4a78", "#2b2119", "#9a7350", "#b0684a"


def picture(name: str) -> bytes:
    """The picture of this name as a JPEG; `PICTURES` knows the names."""
    tone, drawer = PICTURES[name]
    chance = Random(name)
    ground = Image.new("RGB", SIZE, tone)
    drawer(ImageDraw.Draw(ground), chance)
    return _saved(_like_a_photo(ground), "JPEG", quality=78)


def blinking(name: str) -> bytes:
    """A light that comes for a moment and goes: an animated GIF."""
    frames = []
    for lamp in ("#3b1a16", "#ff5a3c"):
        frame = Image.new("RGB", SIZE, "#cfc7bb")
        draw = ImageDraw.Draw(frame)
        _round(draw, (WIDTH / 2, HEIGHT * 0.66), 210, 92, "#33302d")
        _round(draw, (WIDTH / 2, HEIGHT * 0.6), 200, 84, "#4a4642")
        _round(draw, (WIDTH / 2, HEIGHT * 0.56), 60, 26, "#26231f")
        _round(draw, (WIDTH / 2, HEIGHT * 0.74), 15, 11, lamp)
        frames.append(frame.filter(ImageFilter.GaussianBlur(1)).resize((280, 210)).quantize(48))
    return _saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=[900, 160], loop=0, comment=name)


def logo() -> bytes:
    """A company's mark as a PNG."""
    image = Image.new("RGB", (320, 320), "white")
    draw = ImageDraw.Draw(image)
    draw.polygon([(70, 250), (160, 60), (250, 250), (205, 250), (160, 150), (115, 250)], fill="#12507a")
    draw.ellipse((140, 205, 180, 245), fill="#e08a1e")
    return _saved(image, "PNG")


def report() -> bytes:
    """A laboratory's sheet as a PDF: a scan of a table."""
    page = Image.new("RGB", (620, 876), "white")
    draw, chance = ImageDraw.Draw(page), Random("report")
    draw.rectangle((60, 60, 250, 84), fill="#444444")
    for row in range(14):
        top = 150 + row * 44
        draw.line((60, top, 560, top), fill="#999999")
        for column in (70, 260, 420):
            draw.rectangle((column, top + 16, column + chance.randint(40, 130), top + 24), fill="#777777")
    draw.ellipse((400, 740, 520, 830), outline=INK, width=3)
    return _saved(page, "PDF", resolution=75)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _like_a_photo(image: Image.Image) -> Image.Image:
    """Soft edges, darker corners and a little grain."""
    image = image.filter(ImageFilter.GaussianBlur(1.1))
    light = Image.radial_gradient("L").resize(SIZE).point(lambda value: 255 - value * 0.42)
    image = ImageChops.multiply(image, Image.merge("RGB", [light] * 3))
    grain = Image.effect_noise(SIZE, 13)
    return ImageChops.overlay(image, Image.merge("RGB", [grain] * 3))


def _round(draw: ImageDraw.ImageDraw, centre: Point, wide: float, high: float, fill: str) -> None:
    x, y = centre
    draw.ellipse((x - wide, y - high, x + wide, y + high), fill=fill)


def _crack(draw: ImageDraw.ImageDraw, chance: Random, start: Point, end: Point, *, width: int = 3) -> None:
    points = []
    for part in range(12):
        share = part / 11
        x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        points.append((x + chance.uniform(-7, 7), y + chance.uniform(-7, 7)))
    draw.line(points, fill=SHADOW, width=width, joint="curve")


def _plate(draw: ImageDraw.ImageDraw, chance: Random, *, body: str, is_chipped: bool) -> None:
    middle = (WIDTH / 2, HEIGHT / 2)
    _round(draw, (middle[0] + 10, middle[1] + 14), 178, 172, SHADOW)
    for radius, fill in ((176, body), (166, INK), (161, body), (112, "#ddd6ca"), (108, body)):
        _round(draw, middle, radius, radius * 0.97, fill)
    for turn in range(16):
        angle = turn * pi / 8
        _round(draw, (middle[0] + 137 * cos(angle), middle[1] + 133 * sin(angle)), 8, 8, INK)
    if is_chipped:
        edge = [(436, 118), (402, 128), (392, 152), (418, 166), (446, 150), (452, 128)]
        draw.polygon(edge, fill=CLAY)
        draw.polygon([(440, 112), (424, 122), (430, 140), (452, 140), (466, 118)], fill=WOOD)
    else:
        _crack(draw, chance, (150, 78), (300, 236))


def _teapot(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    _round(draw, (262, 356), 190, 26, SHADOW)
    draw.polygon([(116, 240), (40, 150), (66, 138), (150, 226)], fill=CHINA)
    _round(draw, (250, 250), 138, 108, CHINA)
    _round(draw, (250, 150), 66, 22, "#ded8cc")
    _round(draw, (250, 124), 17, 15, CHINA)
    for _flower in range(9):
        place = (chance.uniform(160, 330), chance.uniform(200, 310))
        _round(draw, place, 13, 12, "#c2405c")
        _round(draw, place, 5, 5, "#f0c25c")
        _round(draw, (place[0] + 16, place[1] + 9), 9, 5, "#4f7a48")
    draw.arc((340, 180, 470, 330), -70, -5, fill=CHINA, width=20)
    for x, y in ((430, 330), (472, 352), (404, 366)):
        draw.polygon([(x, y), (x + 34, y - 12), (x + 42, y + 14), (x + 8, y + 22)], fill=CHINA, outline=SHADOW)


def _carton(draw: ImageDraw.ImageDraw, chance: Random, *, is_crushed: bool) -> None:
    draw.polygon([(110, 150), (300, 96), (470, 148), (286, 214)], fill="#c79a66")
    draw.polygon([(110, 150), (286, 214), (286, 366), (118, 290)], fill="#b3844f")
    draw.polygon([(286, 214), (470, 148), (462, 296), (286, 366)], fill="#9d713f")
    draw.polygon([(196, 124), (214, 119), (390, 178), (372, 184)], fill="#e0cfa8")
    if is_crushed:
        draw.polygon([(318, 236), (388, 222), (420, 262), (372, 312), (322, 296)], fill="#6b4a26")
        draw.polygon([(340, 250), (382, 246), (392, 272), (356, 290)], fill=SHADOW)
        for _fold in range(6):
            start = (chance.uniform(310, 400), chance.uniform(220, 300))
            _crack(draw, chance, start, (start[0] + 60, start[1] + chance.uniform(-30, 30)), width=2)


def _lamp(draw: ImageDraw.ImageDraw, _chance: Random) -> None:
    _round(draw, (290, 388), 120, 16, SHADOW)
    draw.polygon([(210, 60), (350, 60), (400, 190), (160, 190)], fill="#f6dfa6")
    draw.rectangle((270, 190, 290, 214), fill="#8a7a5c")
    _round(draw, (280, 292), 84, 92, "#5f8f8b")
    _round(draw, (254, 262), 22, 34, "#7fb0ab")
    draw.polygon([(330, 352), (352, 330), (360, 350), (344, 368), (328, 368)], fill="#e9dccb", outline=SHADOW)


def _pot(draw: ImageDraw.ImageDraw, chance: Random, *, wall: str, ground: str, speck: str, specks: int) -> None:
    middle = (WIDTH / 2, HEIGHT / 2)
    for radius, fill in ((192, wall), (178, ground), (150, ground)):
        _round(draw, middle, radius, radius, fill)
    for _speck in range(specks):
        angle, far = chance.uniform(0, 2 * pi), chance.uniform(0, 130)
        size = chance.uniform(2, 13)
        _round(draw, (middle[0] + far * cos(angle), middle[1] + far * sin(angle)), size, size * 0.7, speck)


def _blade(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    for line in range(0, HEIGHT, 3):
        grey = 150 + chance.randint(-14, 14)
        draw.line((0, line, WIDTH, line), fill=(grey, grey, grey + 6), width=3)
    draw.polygon([(0, 330), (WIDTH, 290), (WIDTH, 420), (0, 420)], fill="#e3e4e6")
    for _pit in range(46):
        size, x = chance.uniform(2, 10), chance.gauss(300, 90)
        _round(draw, (x, chance.gauss(210, 60)), size, size, chance.choice(["#6d3d1d", "#8a5427", "#4a2a14"]))


def _label(draw: ImageDraw.ImageDraw, chance: Random) -> None:
    draw.polygon([(96, 92), (474, 76), (486, 330), (108, 350)], fill="#e9e7e1")
    draw.rectangle((130, 116, 250, 140), fill="#33343a")
    for top in (164, 186, 208):
        draw.rectangle((130, top, 130 + chance.randint(160, 300), top + 9), fill="#8a8c92")
    left = 132
    while left < 430:
        wide = chance.choice((2, 3, 5))
        draw.rectangle((left, 244, left + wide, 312), fill="#222226")
        left += wide + chance.choice((3, 4, 6))


PICTURES: dict[str, tuple[str, Drawer]] = {
    "بشقاب.jpg": (WOOD, partial(_plate, body=CHINA, is_chipped=False)),
    "لب بشقاب.jpg": ("#7f6a52", partial(_plate, body="#cfe0dc", is_chipped=True)),
    "قوری از کنار.jpg": ("#8c8478", _teapot),
    "کارتن.jpg": ("#b9b2a6", partial(_carton, is_crushed=False)),
    "کارتن اهواز.jpg": ("#8f8a80", partial(_carton, is_crushed=True)),
    "IMG_4410.jpg": ("#c9b79c", _lamp),
    "کف-۱.jpg": ("#a89d8f", partial(_pot, wall="#9b9b9b", ground="#3b3b3d", speck="#b9b4ab", specks=46)),
    "کف-۲.jpg": ("#b5aa9c", partial(_pot, wall="#8f8f8f", ground="#434346", speck="#cfc8bb", specks=90)),
    "کف قابلمه.jpg": ("#857a6d", partial(_pot, wall="#b5693a", ground="#b9b6b0", speck="#3d352e", specks=70)),
    "label.jpg": ("#6a6a70", _label),
    "pitting-macro.jpg": ("#9a9a9e", _blade),
}
