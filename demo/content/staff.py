"""The eight people who run the shop, and their teams."""

from demo.content.shapes import Colleague, Team

TEAMS = (
    Team("support", "پشتیبانی", "Support"),
    Team("sales", "فروش", "Sales"),
    Team("dispatch", "انبار و ارسال", "Warehouse and dispatch"),
    Team("finance", "مالی", "Finance"),
)

STAFF = (
    Colleague("parinaz", "admin@demo.kariz.test", "پریناز آذرنوش", "Parinaz Azarnoush", "admin", None, "پریناز"),
    Colleague("kaveh", "manager@demo.kariz.test", "کاوه رستمی", "Kaveh Rostami", "manager", None, "کاوه"),
    Colleague("sara", "sara@demo.kariz.test", "سارا محمودی", "Sara Mahmoudi", "agent", "support", "سارا"),
    Colleague("nahid", "nahid@demo.kariz.test", "ناهید یزدانی", "Nahid Yazdani", "agent", "support", "ناهید"),
    Colleague("siavash", "siavash@demo.kariz.test", "سیاوش کلهر", "Siavash Kalhor", "agent", "dispatch", "سیاوش"),
    Colleague("maral", "maral@demo.kariz.test", "مارال قره‌داغی", "Maral Gharadaghi", "agent", "finance", "مارال"),
    Colleague("omid", "omid@demo.kariz.test", "امید شریفی", "Omid Sharifi", "sales", "sales", "امید"),
    Colleague("armen", "armen@demo.kariz.test", "آرمن گالستیان", "Armen Galstian", "sales", "sales", "آرمن", "en"),
)
