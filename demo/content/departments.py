"""The doors through which customers write: what a request is about, and who takes it first."""

from demo.content import faq
from demo.content.shapes import Department

DEPARTMENTS = (
    Department("sales", "فروش", "Sales", "bag", "sales", "omid", faq.SALES),
    Department("support", "پشتیبانی", "Support", "lifebuoy", "support", "sara", faq.SUPPORT),
    Department("delivery", "ارسال و تحویل", "Delivery", "truck", "support", "siavash", faq.DELIVERY),
    Department("finance", "مالی", "Payments and invoices", "coins", "support", "maral", faq.FINANCE),
    Department("warranty", "گارانتی", "Warranty", "shield", "support", "nahid", faq.WARRANTY),
)
