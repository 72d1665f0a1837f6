//! What is stated of a matter, such as the month it is about or the base it is filed with: red lines
//! and floors look at it, and it stays with the ticket wherever that goes (R013, R061).

use super::urgency::day_of;
use crate::app::service::Service;
use crate::app::service::kept::Kept;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{TICKET, TicketFile};
use crate::calendar::Label;
use crate::desk::life::{Billing, Happening, Life};
use crate::desk::triage;
use crate::model::request::{Attribute, Request, Stated};
use crate::model::ticket::{Ticket, Track};
use crate::policy::desk::Floor;
use crate::time::Money;

impl Service {
    /// Goes on only where no amount that is stated is below what is laid down for it today (R061).
    pub(in crate::app::service) fn must_be_above_floors(
        &self,
        stated: &[Attribute],
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let Some(laid) = self.laid()? else { return Ok(()) };
        let day = day_of(self.zone(), now_ms);
        for Attribute { name, value } in stated {
            if !laid.desk.floors.iter().any(|floor| floor.field == *name) {
                continue;
            }
            let amount = amount(value).ok_or_else(|| no_amount(name, value))?;
            if let Some(floor) = triage::below(&laid.desk, name, amount.0, day) {
                return Err(too_low(floor, amount));
            }
        }
        Ok(())
    }

    /// Goes on only where what is stated of a ticket forbids nothing of it: no red line is crossed on
    /// the way to a promise or to people (R013), and no amount goes out below its floor (R061).
    pub(super) fn must_be_lawful(
        &self,
        file: &TicketFile,
        wish: &Happening,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let TicketFile { ticket, attributes, .. } = file;
        let is_on_the_way = matches!(
            wish,
            Happening::Redirected { .. }
                | Happening::Weighed { .. }
                | Happening::Accepted { .. }
                | Happening::Dispatched(_)
        );
        if is_on_the_way
            // What nobody has said yet is asked for by the quote.
            && let Some(forbidden) = self.crossed(ticket, attributes, true)?
        {
            return Err(Refusal::Impossible(forbidden));
        }
        match wish {
            Happening::Weighed { .. }
            | Happening::SelfChecked { .. }
            | Happening::Delivered { .. } => self.must_be_above_floors(attributes, now_ms),
            Happening::ApprovalAsked { amount_fen } => self.must_be_as_stated(file, *amount_fen),
            _ => Ok(()),
        }
    }

    /// Goes on only where an approval is asked for over the amount that the ticket states, where the
    /// policy names what states it: nobody chooses who approves by what he writes (R052).
    pub(super) fn must_be_as_stated(
        &self,
        file: &TicketFile,
        amount_fen: i64,
    ) -> Result<(), Refusal> {
        let Some(name) = self.states_amount(&file.ticket)? else { return Ok(()) };
        let stated = file.attributes.iter().find(|one| one.name == name);
        let stated = stated.ok_or_else(|| unstated(&name))?;
        let amount = amount(&stated.value).ok_or_else(|| no_amount(&name, &stated.value))?;
        if amount.0 == amount_fen { Ok(()) } else { Err(other_amount(&name, amount)) }
    }

    /// The amount that a ticket states of what is approved, in fen.
    pub(super) fn stated_fen(&self, file: &TicketFile) -> Result<Option<i64>, Refusal> {
        let Some(name) = self.states_amount(&file.ticket)? else { return Ok(None) };
        let stated = file.attributes.iter().find(|one| one.name == name);
        Ok(stated.and_then(|stated| amount(&stated.value)).map(|amount| amount.0))
    }

    /// What states the amount that approvals of a ticket go by, where the policy names it.
    fn states_amount(&self, ticket: &Ticket) -> Result<Option<String>, Refusal> {
        let Some(laid) = self.laid()? else { return Ok(None) };
        let is_urgent = ticket.track == Track::Urgent;
        let mut rows = laid.desk.approvals.iter().filter(|row| {
            Some(&row.service) == ticket.service.as_ref()
                && row.urgent.is_none_or(|urgent| urgent == is_urgent)
        });
        Ok(rows.find_map(|row| row.amount.clone()))
    }

    /// Goes on only where somebody may bill so much: the rest of what of its order's price is the
    /// ticket's, or of what calling off came to; a manager decides about more. Without a price nothing
    /// is known (R101, R193).
    pub(super) fn must_be_owed(
        &self,
        (key, file): (&str, &TicketFile),
        life: &Life,
        (wish, is_manager, now_ms): (&Happening, bool, i64),
    ) -> Result<(), Refusal> {
        let Happening::Billed(Billing { amount_fen, .. }) = wish else { return Ok(()) };
        if is_manager || file.price.is_none() {
            return Ok(());
        }
        let whole_fen = match &life.beside.settled {
            Some(settled) => settled.billed_fen,
            None => self.share((key, file), now_ms)?.0,
        };
        let rest = Money(whole_fen.saturating_sub(life.beside.paid_fen).max(0));
        if *amount_fen <= rest.0 { Ok(()) } else { Err(too_much(rest)) }
    }

    /// `request` with what is stated of each of its tickets already: asked in other words it says the
    /// same, and of one what another states is not said.
    pub(in crate::app::service) fn as_stated(
        &self,
        mut request: Request,
    ) -> Result<Request, Refusal> {
        for ticket in &request.tickets {
            let kept: Option<Kept<TicketFile>> = self.find_if_any(TICKET, &ticket.id)?;
            for attribute in kept.into_iter().flat_map(|kept| kept.document.attributes) {
                let own = Stated { ticket: ticket.id.clone(), attribute };
                if !request.stated.contains(&own) {
                    request.stated.push(own);
                }
            }
        }
        Ok(request)
    }
}

/// What is stated of a ticket of which `said` is said now, too: what was stated first stays.
pub(in crate::app::service) fn stated_with<'a>(
    mut stated: Vec<Attribute>,
    said: impl Iterator<Item = &'a Attribute>,
) -> Vec<Attribute> {
    for attribute in said {
        if !stated.iter().any(|known| known.name == attribute.name) {
            stated.push(attribute.clone());
        }
    }
    stated
}

/// An amount in yuan as people write it: `4899`, `4,899.00`, `¥4,899.5`.
fn amount(text: &str) -> Option<Money> {
    let plain = text.trim().trim_start_matches('¥').replace(',', "");
    let (yuan, part) = plain.split_once('.').unwrap_or((&plain, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
    if !is_number(yuan) || !is_number(part) || part.len() > 2 {
        return None;
    }
    let tens = if part.len() == 1 { 10 } else { 1 };
    let fen = part.parse::<i64>().ok()? * tens;
    yuan.parse::<i64>().ok()?.checked_mul(100)?.checked_add(fen).map(Money)
}

fn no_amount(name: &str, value: &str) -> Refusal {
    Refusal::Wish(Label::new(
        format!("{name} 须写金额（元），如 4899.00；所写为“{value}”"),
        format!("{name} is an amount in yuan such as 4899.00, not \"{value}\""),
    ))
}

fn unstated(name: &str) -> Refusal {
    Refusal::Wish(Label::new(
        format!("审批按 {name} 的金额：请先在工单上写明"),
        format!("who approves depends on {name}: state it on the ticket first"),
    ))
}

fn other_amount(name: &str, amount: Money) -> Refusal {
    Refusal::Wish(Label::new(
        format!("工单写明的 {name} 为 {amount}：请按此金额报审"),
        format!("the ticket states {amount} as {name}: ask for approval of that"),
    ))
}

fn too_much(rest: Money) -> Refusal {
    Refusal::Wish(Label::new(
        format!("按价格（多单合报时为本单份额）最多还可开 {rest}：更多须由经理决定"),
        format!(
            "by its price, or its part of its order's, {rest} at most is still billed: more is for \
             a manager"
        ),
    ))
}

fn too_low(floor: &Floor, amount: Money) -> Refusal {
    let Floor { field, from, least_fen, reason } = floor;
    Refusal::Wish(Label::new(
        format!("{field} {amount} 低于自 {from} 起的下限 {least_fen}（{}）：请更正", reason.zh),
        format!(
            "{field} {amount} is below {least_fen}, the floor since {from} ({}): correct it",
            reason.en
        ),
    ))
}
