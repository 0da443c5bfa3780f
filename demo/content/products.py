"""What the shop sells, at prices of 1405, and where it lies. Handwoven goods carry no tax."""

from demo.content.shapes import Product, Warehouse

WAREHOUSES = (
    Warehouse("shahriar", "انبار شهریار", "Shahriar warehouse"),
    Warehouse("isfahan", "انبار اصفهان", "Isfahan warehouse"),
)


def _stock(shahriar: int, isfahan: int) -> dict[str, int]:
    return {"shahriar": shahriar, "isfahan": isfahan}


PRODUCTS = (
    Product("TEA-GOL-18", "سرویس چای‌خوری گل‌ومرغ، ۱۸ پارچه", "Gol-o-Morgh tea set, 18 pieces", 98_500_000, _stock(9, 6)),
    Product("TEAPOT-GOL", "قوری چینی گل‌ومرغ، ۱٫۲ لیتر", "Gol-o-Morgh teapot, 1.2 l", 22_400_000, _stock(7, 0)),
    Product(
        "DINNER-28",
        "سرویس غذاخوری چینی سپید، ۲۸ پارچه",
        "White china dinner set, 28 pieces",
        268_000_000,
        _stock(11, 4),
    ),
    Product("PLATE-MEYBOD-6", "بشقاب سفالی میبد، ۶ عدد", "Meybod pottery plates, set of 6", 31_000_000, _stock(38, 52)),
    Product(
        "GLASS-TEA-6", "استکان بلور کمرباریک، ۶ عدد", "Slim-waist tea glasses, set of 6", 16_200_000, _stock(64, 40)
    ),
    Product("CUTLERY-24", "سرویس قاشق و چنگال، ۲۴ پارچه", "Cutlery set, 24 pieces", 58_000_000, _stock(19, 8)),
    Product("POT-MES-5", "سرویس قابلمهٔ مسی زنجان، ۵ پارچه", "Zanjan copper pots, set of 5", 186_000_000, _stock(5, 3)),
    Product("POT-GRAN-8", "سرویس قابلمهٔ گرانیت، ۸ پارچه", "Granite-coated pots, set of 8", 142_000_000, _stock(26, 12)),
    Product("PAN-CAST-28", "تابهٔ چدن ۲۸ سانتی", "Cast-iron pan, 28 cm", 24_900_000, _stock(33, 17)),
    Product("PRESS-7", "زودپز روگازی ۷ لیتری", "Stovetop pressure cooker, 7 l", 68_000_000, _stock(14, 9)),
    Product("RICE-10", "پلوپز ۱۰ نفره", "Rice cooker for 10", 76_000_000, _stock(12, 5)),
    Product("KETTLE-17", "کتری برقی استیل ۱٫۷ لیتر", "Steel electric kettle, 1.7 l", 39_500_000, _stock(22, 11)),
    Product("TEAMAKER-2", "چای‌ساز روهمی", "Electric tea maker", 84_000_000, _stock(8, 2)),
    Product("SAMOVAR-3", "سماور برقی برنجی ۳ لیتری", "Brass electric samovar, 3 l", 132_000_000, _stock(0, 1)),
    Product("MOKA-6", "قهوه‌جوش شش‌فنجان", "Moka pot, 6 cups", 27_800_000, _stock(0, 0)),
    Product("FLASK-1", "فلاسک استیل ۱ لیتری", "Steel flask, 1 l", 21_800_000, _stock(47, 90)),
    Product("LUNCH-3", "ظرف غذای سه‌طبقه", "Three-tier lunch box", 17_400_000, _stock(29, 30)),
    Product("BLEND-1000", "مخلوط‌کن ۱۰۰۰ وات", "Blender, 1000 W", 92_000_000, _stock(10, 6)),
    Product("CHOP-HAND", "خردکن دستی", "Hand chopper", 14_800_000, _stock(41, 22)),
    Product("KNIFE-5", "ست چاقوی آشپزخانه، ۵ پارچه", "Kitchen knives, set of 5", 46_000_000, _stock(18, 7)),
    Product("BOARD-WALNUT", "تختهٔ گوشت چوب گردو", "Walnut chopping board", 18_500_000, _stock(15, 20)),
    Product("HAVAN-BRASS", "هاون برنجی", "Brass mortar and pestle", 28_600_000, _stock(13, 24)),
    Product("TRAY-BRASS", "سینی برنجی قلم‌زنی", "Engraved brass tray", 37_000_000, _stock(0, 0)),
    Product("JAR-7", "بانکهٔ ادویهٔ شیشه‌ای، ۷ عدد", "Glass spice jars, set of 7", 12_900_000, _stock(55, 31)),
    Product("SHELF-SPICE", "طبقهٔ ادویهٔ دیواری", "Wall spice rack", 11_300_000, _stock(24, 10)),
    Product("RACK-DISH", "آبچکان استیل دوطبقه", "Two-tier steel dish rack", 27_400_000, _stock(16, 13)),
    Product("DAMKONI", "دمکنی گلدوزی", "Embroidered rice-lid cover", 5_900_000, _stock(80, 44)),
    Product("TOWEL-4", "دستمال آشپزخانهٔ کتان، ۴ عدد", "Linen kitchen towels, set of 4", 7_600_000, _stock(61, 58)),
    Product("TERMEH-200", "رومیزی ترمهٔ یزد، ۱۴۰ در ۲۰۰", "Yazd termeh tablecloth, 140 × 200", 64_000_000, _stock(2, 3)),
    Product("CURTAIN-LINEN", "پردهٔ کتان، ۲۰۰ در ۲۷۰", "Linen curtain, 200 × 270", 43_000_000, _stock(21, 14)),
    Product(
        "KILIM-QASHQAI",
        "گلیم دستباف قشقایی، ۱۰۰ در ۱۵۰",
        "Qashqai kilim, 100 × 150",
        215_000_000,
        _stock(3, 4),
        vat_rate=0,
    ),
    Product("LAMP-CERAMIC", "چراغ‌خواب سرامیکی", "Ceramic bedside lamp", 34_500_000, _stock(17, 9)),
    Product("IRON-STEAM", "اتوی بخار ۲۶۰۰ وات", "Steam iron, 2600 W", 61_000_000, _stock(0, 3)),
    Product("VACUUM-CORD", "جاروی شارژی", "Cordless vacuum cleaner", 158_000_000, _stock(6, 2)),
)
