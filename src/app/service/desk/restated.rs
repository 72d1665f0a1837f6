//! What red lines, floors and approvals read of a ticket is stated once: who may state it otherwise,
//! until when, and that a line that was crossed stays so (R013, R052).

use std::collections::BTreeSet;

use super::{Wanted, life_of, must_any, who};
use crate::app::service::change::Change;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::Permission;
use crate::app::service::tickets::{TICKET, TicketChange, TicketFile};
use crate::app::service::{Caller, Service};
use crate::calendar::Label;
use crate::desk;
use crate::desk::event::Stream;
use crate::desk::life::{Happening, Stage};
use crate::model::request::{Attribute, REQUEST_FORMAT, Request, Wish};

impl Service {
    /// Goes on only where `caller` may state of a ticket what `wish` does. What a rule reads is stated
    /// otherwise by whoever may decide, with a reason, and by nobody who works on it; once it is
    /// approved by a manager, and what the client has by nobody. What nobody has stated yet, whoever
    /// may change tickets may.
    pub(in crate::app::service) fn must_be_his_to_restate(
        &self,
        caller: &Caller,
        file: &TicketFile,
        wish: &TicketChange,
    ) -> Result<(), Refusal> {
        if !self.is_restated(file, wish)? {
            return Ok(());
        }
        must_any(caller, &[Permission::PlanPublish, Permission::TicketReview])?;
        if wish.reason.as_ref().is_none_or(|reason| reason.trim().is_empty()) {
            return Err(Refusal::Desk(desk::refusal::Refusal::NoReason));
        }
        let Some(desk) = &file.desk else { return Ok(()) };
        if desk.stage == Stage::Delivered || desk.stage.is_after_signature() || desk.stage.is_end()
        {
            return Err(Refusal::Impossible(with_the_client()));
        }
        let life = life_of(&self.stream_of(&Stream::new(TICKET, &file.ticket.id), u64::MAX)?)?;
        let person = who::person(&caller.actor);
        let mut drivers = life.crew.iter().map(|crew| &crew.driver).chain(&life.drove);
        if !caller.speaks_for_all() && drivers.any(|driver| caller.speaks_for(driver)) {
            return Err(Refusal::Impossible(his_own()));
        }
        let approval = life.beside.approval.as_ref();
        let is_approved = approval.is_some_and(|sought| sought.given_by.is_some());
        let posts = self.posts(caller, person)?;
        if is_approved && !self.is_manager(caller, &posts)? {
            return Err(Refusal::Impossible(approved()));
        }
        Ok(())
    }

    /// Whether `wish` states otherwise what a rule reads of a ticket. A second value beside the first
    /// is another statement, too.
    fn is_restated(&self, file: &TicketFile, wish: &TicketChange) -> Result<bool, Refusal> {
        if self.is_for_another_approver(file, wish)? {
            return Ok(true);
        }
        let Some(stated) = &wish.attributes else { return Ok(false) };
        let stated = stated.as_deref().unwrap_or_default();
        let is_other = |name: &String| {
            let before = values(&file.attributes, name);
            !before.is_empty() && before != values(stated, name)
        };
        Ok(self.read_of_tickets()?.iter().any(is_other))
    }

    /// Whether `wish` puts a ticket at the desk on the other track where that decides who approves.
    fn is_for_another_approver(
        &self,
        file: &TicketFile,
        wish: &TicketChange,
    ) -> Result<bool, Refusal> {
        let Some(track) = wish.track.map(Option::unwrap_or_default) else { return Ok(false) };
        let is_other = file.desk.is_some() && track != file.ticket.track;
        let Some(laid) = self.laid()?.filter(|_| is_other) else { return Ok(false) };
        let mut rows = laid.desk.approvals.iter();
        Ok(rows
            .any(|row| Some(&row.service) == file.ticket.service.as_ref() && row.urgent.is_some()))
    }

    /// The names of what red lines, floors and approvals read.
    fn read_of_tickets(&self) -> Result<BTreeSet<String>, Refusal> {
        let lines = self.red_lines()?;
        let mut names: BTreeSet<String> =
            lines.iter().flat_map(|line| &line.when).map(|asked| asked.name.clone()).collect();
        if let Some(laid) = self.laid()? {
            names.extend(laid.desk.floors.iter().map(|floor| floor.field.clone()));
            names.extend(laid.desk.approvals.iter().filter_map(|row| row.amount.clone()));
        }
        Ok(names)
    }

    /// Puts on record that a ticket crosses a red line by what it states, where `wish` would have led
    /// it past that: stated otherwise later on it stays refused. It is written by itself, whatever else
    /// of what was asked for comes to nothing.
    pub(super) fn remember_line(
        &self,
        (caller, actor): (&Caller, &str),
        (key, wish): (&str, &Happening),
        now_ms: i64,
    ) -> Result<(), Refusal> {
        if !matches!(wish, Happening::Weighed { .. } | Happening::Redirected { .. }) {
            return Ok(());
        }
        let before = self.before(caller, Wanted { key, version: None })?;
        let request = Request {
            format: REQUEST_FORMAT.to_owned(),
            tickets: vec![before.file.ticket.clone()],
            wish: Wish::default(),
            attributes: before.file.attributes.clone(),
            stated: Vec::new(),
        };
        let Some(refused) = self.refused_by(&request, &before.file.ticket)? else { return Ok(()) };
        let mut change = Change::by(caller, now_ms);
        actor.clone_into(&mut change.actor);
        self.happen(&mut change, caller, before, refused)?;
        self.store.commit(change.batch()).map_err(Refusal::of_commit)?;
        Ok(())
    }
}

fn values<'a>(stated: &'a [Attribute], name: &str) -> Vec<&'a String> {
    stated.iter().filter(|one| one.name == name).map(|one| &one.value).collect()
}

fn with_the_client() -> Label {
    Label::new(
        "成果已交付或工单已办结：规则所看的事项不再更改，先登记退回",
        "the client has the result, or it is closed: what rules read of it is not changed any more; \
         put on record first that it came back",
    )
}

fn his_own() -> Label {
    Label::new(
        "推进人不得更改红线、下限和审批所看的事项：请由调度或审核人更改",
        "whoever works on it does not change what red lines, floors and approvals read: a dispatcher \
         or a reviewer does",
    )
}

fn approved() -> Label {
    Label::new(
        "已按所写事项批准：只有经理可以更改，更改后须重新报批",
        "it was approved by what is stated: only a manager changes that, and it is approved anew",
    )
}
