//! What tickets name that there is not: all of it at once, each by its place in what was sent.

use super::base::faulty;
use super::clients::{CLIENT, ClientFile};
use super::kept::{fresh_key, must_be_key};
use super::refusal::Refusal;
use super::role::{Permission, Role};
use super::tickets::{NewTicket, TICKET, TicketFile, may_see};
use super::{Caller, Service};
use crate::model::issue::{Issue, Issues};
use crate::model::request::Request;
use crate::model::ticket::Ticket;

/// A ticket in what was sent.
pub(super) struct Named<'a> {
    /// Its place, such as `$.tickets[0]`.
    pub(super) at: String,
    pub(super) ticket: &'a Ticket,
    /// As it was before, of which nothing is asked again.
    pub(super) before: Option<&'a Ticket>,
}

impl Service {
    /// Goes on only where every ticket of `request` names what there is; `complete` is the same
    /// with what is kept of them.
    pub(super) fn must_all_name_what_there_is(
        &self,
        caller: &Caller,
        (request, complete): (&Request, &Request),
    ) -> Result<(), Refusal> {
        let mut issues = Issues::new();
        for (row, ticket) in complete.tickets.iter().enumerate() {
            let kept = self.find_if_any::<TicketFile>(TICKET, &ticket.id);
            let before = kept?.map(|kept| kept.document.ticket);
            let named = Named { at: format!("$.tickets[{row}]"), ticket, before: before.as_ref() };
            issues.extend(self.strangers(caller, &named, &request.tickets)?);
        }
        if issues.is_empty() { Ok(()) } else { Err(faulty("", request, issues)) }
    }

    /// Goes on only where the ticket that is all of what was sent names what there is, and stands
    /// up to the base; everything that is wrong with it is told at once.
    pub(super) fn must_name_what_there_is(
        &self,
        caller: &Caller,
        (ticket, before): (&Ticket, Option<&Ticket>),
    ) -> Result<(), Refusal> {
        let named = Named { at: "$".to_owned(), ticket, before };
        let mut issues = self.strangers(caller, &named, &[])?;
        // Who calls may not know yet what he needs (R001, R124): at the desk that is found out.
        let is_enquiry = ticket.service.is_none()
            && ticket.steps.is_empty()
            && ticket.adjust.is_empty()
            && ticket.curves.is_empty()
            && self.laid()?.is_some();
        let known = if is_enquiry { Ok(()) } else { self.must_be_known(ticket) };
        match known {
            Err(Refusal::Faulty { issues: mut more, .. }) => {
                more.retain(|new| !issues.iter().any(|old| old.path == new.path));
                issues.extend(more);
            }
            other => other?,
        }
        if issues.is_empty() { Ok(()) } else { Err(faulty("", ticket, issues)) }
    }

    /// What a new ticket names that there is not, for who has found something else wrong with it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`], what fails outside.
    pub fn strangers_of_new(&self, caller: &Caller, mut new: NewTicket) -> Result<Issues, Refusal> {
        caller.must(Permission::TicketCreate)?;
        let key = new.id.take().map_or_else(|| fresh_key("T"), Ok)?;
        match self.must_name_what_there_is(caller, (&new.ticket(&key), None)) {
            Err(Refusal::Faulty { mut issues, .. }) => {
                issues.retain(|issue| issue.code == "S101");
                Ok(issues)
            }
            other => other.map(|()| Issues::new()),
        }
    }

    /// What `named` names that there is not; what it comes after may stand `beside` it.
    fn strangers(
        &self,
        caller: &Caller,
        named: &Named<'_>,
        beside: &[Ticket],
    ) -> Result<Issues, Refusal> {
        let Named { at, ticket, before } = named;
        let mut issues = Issues::new();
        if let Err(Refusal::Wish(why)) = must_be_key(&ticket.id) {
            issues.push(Issue::error("S101", format!("{at}.id"), why.zh, why.en));
        }
        let is_old = |client| before.is_some_and(|before| before.client.as_ref() == Some(client));
        if let Some(client) = ticket.client.as_ref().filter(|client| !is_old(*client))
            && self.find_if_any::<ClientFile>(CLIENT, client)?.is_none()
        {
            issues.push(stranger(format!("{at}.client"), ("客户", "client"), client));
        }
        if let Some(known) = self.known.now() {
            if let Some(key) = ticket.service.as_ref().filter(|key| !known.services.contains(*key))
            {
                issues.push(stranger(format!("{at}.service"), ("服务", "service"), key));
            }
            if let Some(key) = ticket.bureau.as_ref().filter(|key| !known.bureaus.contains(*key)) {
                issues.push(stranger(format!("{at}.bureau"), ("办事机构", "bureau"), key));
            }
        }
        for (row, key) in ticket.after.iter().enumerate() {
            if !self.may_come_after(caller, key, (*before, beside))? {
                issues.push(stranger(format!("{at}.after[{row}]"), ("工单", "ticket"), key));
            }
        }
        Ok(issues)
    }

    /// Whether a ticket may come after the one called `key`: another program's tickets are none of
    /// its own, and it learns nothing of them.
    fn may_come_after(
        &self,
        caller: &Caller,
        key: &str,
        (before, beside): (Option<&Ticket>, &[Ticket]),
    ) -> Result<bool, Refusal> {
        let is_old = before.is_some_and(|before| before.after.iter().any(|old| old == key));
        if caller.role != Role::Ticketing || is_old || beside.iter().any(|ticket| ticket.id == *key)
        {
            return Ok(true);
        }
        let kept = self.find_if_any::<TicketFile>(TICKET, key)?;
        Ok(kept.is_some_and(|kept| may_see(caller, &kept.document)))
    }
}

fn stranger(at: String, (zh, en): (&str, &str), key: &str) -> Issue {
    Issue::error(
        "S101",
        at,
        format!("没有编号为“{key}”的{zh}"),
        format!("there is no {en} called \"{key}\""),
    )
    .hint("请先建立，或核对编号", "put it first, or check what it is called")
}
