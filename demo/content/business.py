"""The shop: Ganjeh, home and kitchen ware on the web."""

from demo.content.shapes import Business

BUSINESS = Business(
    name_fa="گنجه",
    name_en="Ganjeh",
    phone="02100001405",
    address_fa="تهران، سهروردی شمالی، کوچهٔ شکوفه، پلاک ۲۷، طبقهٔ دوم",
    address_en="2nd floor, 27 Shokoufeh Alley, North Sohrevardi St, Tehran",
    color="#8a2f4a",
    hours={
        "sat": [["09:00", "18:00"]],
        "sun": [["09:00", "18:00"]],
        "mon": [["09:00", "18:00"]],
        "tue": [["09:00", "18:00"]],
        "wed": [["09:00", "18:00"]],
        "thu": [["09:00", "13:00"]],
    },
)
