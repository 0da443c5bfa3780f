"""Shapes of products, orders, shipments, invoices and payments, a file for each noun."""
