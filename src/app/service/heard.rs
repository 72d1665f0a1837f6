//! What a hook can hear of: the kinds of events there are.

use super::base::faulty;
use super::hooks::HookWish;
use super::refusal::Refusal;
use crate::desk::life::KINDS;
use crate::model::issue::Issue;

/// The kinds that are no happenings of tickets, by name.
const OTHERS: [&str; 36] = [
    "base.changed",
    "client.changed",
    "client.erased",
    "desk.surge_begun",
    "desk.surge_ended",
    "desk.surge_told",
    "hook.created",
    "hook.removed",
    "key.made",
    "key.revoked",
    "key.rotated",
    "person.absent",
    "person.back",
    "person.changed",
    "person.removed",
    "plan.published",
    "plan.replan_failed",
    "plan.replanned",
    "policy.changed",
    "promise.at_risk",
    "promise.safe",
    "ticket.cancelled",
    "ticket.changed",
    "ticket.clock_breached",
    "ticket.clock_warned",
    "ticket.created",
    "ticket.erased",
    "ticket.escalated",
    "ticket.level_called",
    "ticket.link_made",
    "ticket.link_revoked",
    "ticket.noted",
    "ticket.progress",
    "ticket.progress_taken_back",
    "ticket.promised",
    "ticket.reminder_due",
];

/// The issue of a value that is none of those allowed.
const NOT_ALLOWED: &str = "J023";

/// All kinds.
fn kinds() -> impl Iterator<Item = &'static str> {
    OTHERS.into_iter().chain(KINDS)
}

/// Makes sure that every kind wanted is one that events have, or the beginning of one.
///
/// # Errors
/// [`Refusal::Faulty`] with the list of kinds.
pub(super) fn must_be_kinds(wish: &HookWish) -> Result<(), Refusal> {
    let is_known = |wanted: &str| {
        kinds().any(|kind| match wanted.strip_suffix('*') {
            Some(beginning) => kind.starts_with(beginning),
            None => kind == wanted,
        })
    };
    let strangers = wish.events.iter().enumerate().filter(|(_, wanted)| !is_known(wanted));
    let issues: Vec<Issue> = strangers.map(|(row, wanted)| stranger(row, wanted)).collect();
    if issues.is_empty() { Ok(()) } else { Err(faulty("", wish, issues)) }
}

fn stranger(row: usize, wanted: &str) -> Issue {
    let mut known: Vec<&str> = kinds().collect();
    known.sort_unstable();
    let known = known.join(", ");
    Issue::error(
        NOT_ALLOWED,
        format!("$.events[{row}]"),
        format!("没有“{wanted}”这种事件"),
        format!("no event is of the kind \"{wanted}\""),
    )
    .hint(format!("有：{known}；或 ticket.*、*"), format!("there are {known}; or ticket.*, *"))
}
