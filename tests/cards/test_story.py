from app.extensions import db
from cards.services import add_note, add_reply, reopen, resolve
from cards.placement import move
from tests.conftest import event_names


def test_story(world, sara, reza, nika):
    card = world.card()
    move(card, world.stage("Working").id, by=sara)
    add_note(card, "ببین @reza", by=sara, mentions=[reza.id])
    add_reply(card, "سلام، پیگیری می‌کنیم", by=sara)
    db.session.commit()
    resolve(card, world.stage("Resolved"), cause="شکسته بود", solution="عوض شد", by=sara)
    db.session.commit()
    assert card.is_resolved and card.portal_step.label_en == "Solved"
    reopen(card, by=nika)
    db.session.commit()
    assert card.stage.name_en == "Working"
    print(event_names())
