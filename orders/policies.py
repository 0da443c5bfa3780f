"""Who may do what with orders, products and stock. Reading is everybody's: sales and support share the customer."""

from app.users.models import User
from cards.board.counts import pipelines_of
from orders.models import Order
from pipelines.models import Pipeline
from pipelines.policies import can_work_on


def boards_for_orders(user: User) -> list[Pipeline]:
    """Boards on which the user may open orders, in their order."""
    return [board for board in pipelines_of(user) if board.kind == "order" and can_work_on(user, board.id)]


def can_order(user: User) -> bool:
    """Open an order for a customer."""
    return bool(boards_for_orders(user))


def can_change(user: User, order: Order) -> bool:
    """Ship, bill, take payments, change the delivery: members of the order's board."""
    return can_work_on(user, order.card.pipeline_id)


def can_manage_products(user: User) -> bool:
    """Products, their prices, warehouses."""
    return user.is_manager


def can_move_stock(user: User) -> bool:
    """Correct what lies where: managers, and all who work on orders."""
    return user.is_manager or bool(boards_for_orders(user))
