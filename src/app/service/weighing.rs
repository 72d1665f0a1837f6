//! Who may say what of a ticket: what being late or left out costs, and who must not be given it,
//! is for who plans.

use super::Caller;
use super::refusal::Refusal;
use super::role::{Permission, Role};
use crate::model::ticket::Ticket;

/// Makes sure that `caller` may say what he says of `asked`, which is `before` by now; what stays
/// as it is nobody says.
pub(super) fn must_be_his_to_say(
    caller: &Caller,
    asked: &Ticket,
    before: Option<&Ticket>,
) -> Result<(), Refusal> {
    if !caller.may(Permission::PlanDraft) && weighs(asked, before) {
        return Err(Refusal::Forbidden(Permission::PlanDraft));
    }
    Ok(())
}

/// Whether `asked` says what a ticket weighs or who may not have it, and says anything new.
fn weighs(asked: &Ticket, before: Option<&Ticket>) -> bool {
    match before {
        None => !asked.curves.is_empty() || !asked.excluded.is_empty() || asked.unserved.is_some(),
        Some(before) => {
            (&asked.curves, &asked.excluded, &asked.unserved)
                != (&before.curves, &before.excluded, &before.unserved)
        }
    }
}

/// A batch as it is kept: that of a program is its own, whatever others call theirs.
pub(super) fn own_batch(caller: &Caller, batch: Option<String>) -> Option<String> {
    match caller.role {
        Role::Ticketing => batch.map(|name| format!("{}{name}", lead(caller))),
        _ => batch,
    }
}

/// `ticket` as it is shown to `caller`: who must not have it is for who may read plans, and a
/// program's batches are called as it calls them.
pub(super) fn shown_to(caller: &Caller, mut ticket: Ticket) -> Ticket {
    if !caller.may(Permission::PlanRead) {
        ticket.excluded.clear();
    }
    if caller.role == Role::Ticketing {
        let plain =
            |name: String| name.strip_prefix(&lead(caller)).map(str::to_owned).unwrap_or(name);
        ticket.batch = ticket.batch.map(plain);
    }
    ticket
}

fn lead(caller: &Caller) -> String {
    format!("{}/", caller.owner)
}
