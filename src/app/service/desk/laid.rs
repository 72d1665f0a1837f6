//! What the firm has laid down for the desk, from the policy in force: rules of a ticket's service,
//! names of clocks and who is told, and who holds which post.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::at_once::{MENDING, WARNING};
use super::moments::SIGNATURE;
use super::response::RESPONSE;
use super::urgency::day_of;
use crate::app::service::base::stand_in;
use crate::app::service::clients::{CLIENT, ClientFile};
use crate::app::service::kept::damaged;
use crate::app::service::quotes::POLICY;
use crate::app::service::refusal::Refusal;
use crate::app::service::role::{Permission, Role};
use crate::app::service::tickets::TicketFile;
use crate::app::service::{Caller, Service};
use crate::calendar::{Day, Label, Moment};
use crate::desk::clock::MINUTE;
use crate::desk::closing;
use crate::desk::decide::Rules;
use crate::desk::life::{Happening, Life};
use crate::desk::rules::{adjust, partnered};
use crate::model::request::{Attribute, Request};
use crate::model::scenario::Scenario;
use crate::model::ticket::{Curve, CurveKind, Service as Sold, Ticket, Track};
use crate::policy::desk::{Agreement, Channel, Desk, Post};
use crate::policy::{Alternative, Policy, RedLine};
use crate::time::Money;

/// A policy by its version, and what of it is about the desk.
pub(in crate::app::service) struct Policed {
    version: u64,
    red_lines: Vec<RedLine>,
    /// What an hour after a promised finish weighs.
    promise_per_hour: Money,
    laid: Option<Arc<Laid>>,
}

/// The desk's section of a policy.
pub(in crate::app::service) struct Laid {
    pub(super) version: u64,
    /// When it was put.
    pub(super) since_ms: i64,
    pub(super) desk: Desk,
}

impl Laid {
    /// Who is told when a clock of this kind runs out.
    pub(super) fn post(&self, timer: &str) -> Option<Post> {
        let row = self.desk.timers.iter().find(|row| row.id == timer);
        row.and_then(|row| row.escalates_to).or(self.desk.escalates_to)
    }

    /// What is agreed with a client on `on`.
    pub(super) fn agreement(&self, client: Option<&str>, on: Day) -> Option<&Agreement> {
        let mut contracts = self.desk.contracts.iter();
        contracts.find(|one| Some(one.client.as_str()) == client)?.on(on)
    }

    /// What a client weighs who has not paid in time, in thousandths.
    pub(in crate::app::service) fn late_payer_permille(&self) -> Option<i64> {
        self.desk.late_payer_permille.map(i64::from)
    }

    /// What people call an item of material of `ticket`.
    pub(super) fn material(&self, ticket: &Ticket, item: &str) -> Label {
        let (client, service) = (ticket.client.as_deref(), ticket.service.as_deref());
        let contracts = self.desk.contracts.iter();
        let agreed = contracts.filter(|one| Some(one.client.as_str()) == client);
        let own = agreed.flat_map(|one| &one.versions).flat_map(|version| &version.own);
        let own = own.filter(|own| Some(own.service.as_str()) == service);
        let own = own.flat_map(|own| &own.materials);
        let usual = Desk::items(&self.desk.materials, service.unwrap_or_default());
        let found = usual.iter().chain(own).find(|one| one.id == item);
        found.map_or_else(|| Label::new(item, item), |one| one.label.clone())
    }

    /// What people call a clock or a duty of this kind.
    pub(super) fn name(&self, timer: &str) -> Option<Label> {
        let timers = self.desk.timers.iter().map(|row| (&row.id, &row.label));
        let daily = self.desk.daily.iter().map(|row| (&row.id, &row.label));
        let found = timers.chain(daily).find(|(id, _)| *id == timer);
        let own = || match timer {
            SIGNATURE => Some(Label::new("提醒客户签收", "remind the client to sign")),
            RESPONSE => Some(Label::new("升级响应", "pass it on to a higher level of response")),
            MENDING => Some(Label::new("改正签收后差错", "put right what was found after signing")),
            WARNING => Some(Label::new("告知客户承诺有风险", "warn the client of a date at risk")),
            _ => None,
        };
        found.map(|(_, label)| label.clone()).or_else(own)
    }
}

impl Service {
    /// What is laid down for the desk; none where the firm uses none.
    pub(in crate::app::service) fn laid(&self) -> Result<Option<Arc<Laid>>, Refusal> {
        Ok(self.policed()?.laid.clone())
    }

    /// Why `ticket` is of a service that crosses a red line whatever else is said of it, or that
    /// crosses one by what is stated of it, or that may cross one as long as nobody has said what the
    /// line asks for; who was promised a date has.
    /// It may be on record; no estimate, plan or promise gets round it (R013).
    pub(in crate::app::service) fn crossed(
        &self,
        ticket: &Ticket,
        stated: &[Attribute],
        is_promised: bool,
    ) -> Result<Option<Label>, Refusal> {
        let policed = self.policed()?;
        let mut lines = policed.red_lines.iter().filter(|line| line.is_about(ticket));
        let is_said = |asked: &Attribute| stated.iter().any(|one| one.name == asked.name);
        Ok(lines.find_map(|line| {
            let is_crossed = line.when.iter().all(|asked| stated.contains(asked));
            let is_open = !is_promised && !line.when.iter().all(is_said);
            match (is_crossed, is_open) {
                (true, _) => Some(forbidden(line)),
                (false, true) => Some(untold(line, &line.when)),
                (false, false) => None,
            }
        }))
    }

    /// What being later than promised costs in planning; nothing where the policy says nothing.
    pub(in crate::app::service) fn promise_curve(
        &self,
        promised: Moment,
    ) -> Result<Option<Curve>, Refusal> {
        let per_hour_fen = self.policed()?.promise_per_hour;
        Ok((per_hour_fen > Money::ZERO).then_some(Curve {
            kind: CurveKind::Urgency,
            after: Some(promised),
            calendar: None,
            fixed_fen: Money::ZERO,
            per_hour_fen,
            per_day_fen: Money::ZERO,
            cap_fen: None,
            reason: None,
        }))
    }

    /// Goes on only where a ticket is refused for a red line that its service can cross, with what
    /// is lawful instead as the policy has it (R013, R014).
    pub(super) fn must_be_a_red_line(
        &self,
        ticket: &Ticket,
        wish: &Happening,
    ) -> Result<(), Refusal> {
        let Happening::Refused { red_line, alternative } = wish else { return Ok(()) };
        let policed = self.policed()?;
        let is_it = |line: &&RedLine| line.code == *red_line && line.is_about(ticket);
        let instead = |line: &RedLine| {
            line.alternative.as_ref().map(|alternative| alternative.service.clone())
        };
        let found = policed.red_lines.iter().find(is_it);
        if found.is_some_and(|line| alternative.is_none() || *alternative == instead(line)) {
            return Ok(());
        }
        Err(Refusal::Wish(Label::new(
            format!("规则中没有适用于该服务的红线 {red_line}，或其合法替代不是所写的一项"),
            format!(
                "the policy has no red line {red_line} for this service, or another alternative"
            ),
        )))
    }

    /// What it means for `ticket` that it was quoted with `request`: the first red line that it
    /// crosses refuses it, and none where only others cross one.
    pub(super) fn refused_by(
        &self,
        request: &Request,
        ticket: &Ticket,
    ) -> Result<Option<Happening>, Refusal> {
        let policed = self.policed()?;
        let is_it = |line: &&RedLine| line.is_crossed_by(request, ticket);
        Ok(policed.red_lines.iter().find(is_it).map(|line| {
            let alternative = line.alternative.as_ref();
            let alternative = alternative.map(|alternative| alternative.service.clone());
            Happening::Refused { red_line: line.code.clone(), alternative }
        }))
    }

    /// The red lines in force.
    pub(super) fn red_lines(&self) -> Result<Vec<RedLine>, Refusal> {
        Ok(self.policed()?.red_lines.clone())
    }

    fn policed(&self) -> Result<Arc<Policed>, Refusal> {
        let kept = self.store.document(POLICY.0, POLICY.1)?;
        let (version, since_ms) = kept.as_ref().map_or((0, 0), |kept| (kept.version, kept.at_ms));
        if let Some(known) = self.laid.now().filter(|known| known.version == version) {
            return Ok(known);
        }
        let body = kept.and_then(|kept| kept.body);
        let policy = body.as_deref().map(serde_json::from_str::<Policy>).transpose();
        let policy = policy.map_err(|_| damaged(POLICY.0, POLICY.1))?;
        let policy = policy.unwrap_or_else(Policy::blank);
        let Policy { red_lines, desk, promise_per_hour_fen, .. } = policy;
        let promise_per_hour = promise_per_hour_fen.unwrap_or(Money::ZERO);
        let laid = desk.map(|desk| Arc::new(Laid { version, since_ms, desk }));
        let policed = Arc::new(Policed { version, red_lines, promise_per_hour, laid });
        self.laid.put(Some(Arc::clone(&policed)));
        Ok(policed)
    }

    /// What the client of a ticket is told whose service crosses a red line whatever else is said of
    /// it (R013, R015).
    pub(in crate::app::service) fn refused_for_good(
        &self,
        ticket: &Ticket,
    ) -> Result<Option<Label>, Refusal> {
        if ticket.service.is_none() {
            return Ok(None);
        }
        let is_it = |line: &&RedLine| line.when.is_empty() && line.is_about(ticket);
        // The one at hand: whoever lists tickets reads the policy once at most.
        let policed = self.laid.now().map_or_else(|| self.policed(), Ok)?;
        let told = policed.red_lines.iter().find(is_it).map(forbidden);
        Ok(told.map(|why| {
            Label::new(format!("不能办理：{}", why.zh), format!("it cannot be done: {}", why.en))
        }))
    }

    /// Why a ticket was refused, with what is lawful instead: the red line that it crosses by what is
    /// stated of it, else the only one there is for its service (R014, R015).
    pub(in crate::app::service) fn refused_why(
        &self,
        ticket: &Ticket,
        stated: &[Attribute],
    ) -> Result<Option<Label>, Refusal> {
        let policed = self.laid.now().map_or_else(|| self.policed(), Ok)?;
        let lines = || policed.red_lines.iter().filter(|line| line.is_about(ticket));
        let is_crossed = |line: &&RedLine| line.when.iter().all(|asked| stated.contains(asked));
        let only = lines().next().filter(|_| lines().count() == 1);
        Ok(lines().find(is_crossed).or(only).map(forbidden))
    }

    /// `scenario` with everybody a policy may speak of.
    pub(in crate::app::service) fn spoken_of(
        &self,
        policy: &Policy,
        mut scenario: Scenario,
    ) -> Result<Scenario, Refusal> {
        scenario.people = self.people_now()?;
        let desk = || policy.desk.iter();
        let agreed = desk().flat_map(|desk| &desk.contracts).map(|contract| &contract.client);
        let owed = desk().flat_map(|desk| &desk.obligations).filter_map(|one| one.client.as_ref());
        for client in agreed.chain(owed).collect::<BTreeSet<_>>() {
            if self.find_if_any::<ClientFile>(CLIENT, client)?.is_some() {
                scenario.clients.push(stand_in(client.clone()));
            }
        }
        Ok(scenario)
    }

    /// `ticket` with the changes to single steps that its client's agreement has at `at_ms` (R102).
    pub(in crate::app::service) fn adjust(
        &self,
        ticket: &mut Ticket,
        at_ms: i64,
    ) -> Result<(), Refusal> {
        if let Some(laid) = self.laid()? {
            adjust(&laid.desk, ticket, day_of(self.zone(), at_ms));
        }
        Ok(())
    }

    /// `services` with the lead times of partners, which stand in one place (R031, R178).
    pub(in crate::app::service) fn partnered(&self, services: &mut [Sold]) -> Result<(), Refusal> {
        if let Some(laid) = self.laid()? {
            partnered(&laid.desk, services);
        }
        Ok(())
    }

    /// The rules of a ticket at `now_ms`.
    pub(super) fn rules(&self, ticket: &Ticket, now_ms: i64) -> Result<Rules, Refusal> {
        let (Some(laid), Some(known)) = (self.laid()?, self.known.now()) else {
            return Ok(Rules::default());
        };
        let is_urgent = ticket.track == Track::Urgent;
        let (service, zone) = (ticket.service.as_deref(), known.book.zone());
        let rules = Rules::of(&laid.desk, service, is_urgent, zone, now_ms);
        let rules = rules.agreed(&laid.desk, (ticket.client.as_deref(), service), zone, now_ms);
        Ok(Rules { handed_in_ms: self.handed_in(&ticket.id), ..rules })
    }

    /// The same, with what `wish` of somebody needs to be looked up beside them.
    pub(super) fn rules_for(
        &self,
        (key, file, life): (&str, &TicketFile, &Life),
        (wish, actor): (&Happening, &str),
        now_ms: i64,
    ) -> Result<Rules, Refusal> {
        let mut rules = self.rules(&file.ticket, now_ms)?;
        rules.confirmation = to_sign(key, file, life);
        rules.stated_fen = self.stated_fen(file)?;
        rules.hands = self.hands(file, (wish, actor))?;
        match wish {
            Happening::Begun {} => rules.first = self.before_work(file, now_ms)?,
            Happening::Dispatched(_) | Happening::Reassigned { .. } => {
                rules.elsewhere = self.elsewhere((file, life), now_ms)?;
            }
            Happening::OnSiteCalled {} => {
                rules.without_on_site =
                    self.without_on_site(file.ticket.client.as_deref(), now_ms)?;
            }
            _ => {}
        }
        Ok(rules)
    }

    /// What people call the tier of a client by which nobody comes to him on site (R113); none where
    /// somebody does, or he is of no tier.
    fn without_on_site(&self, client: Option<&str>, now_ms: i64) -> Result<Option<Label>, Refusal> {
        let (Some(laid), Some(key)) = (self.laid()?, client) else { return Ok(None) };
        let agreed = laid.agreement(client, day_of(self.zone(), now_ms));
        let own = self.find_if_any::<ClientFile>(CLIENT, key)?.and_then(|kept| kept.document.tier);
        let tier = agreed.map(|agreement| agreement.tier.clone()).or(own);
        let tier = tier.as_deref().and_then(|tier| laid.desk.tier(tier));
        let without = tier.filter(|tier| !tier.channels.contains(&Channel::OnSite));
        Ok(without.map(|tier| tier.label.clone()))
    }

    /// When the plan in force hands a ticket in: the authorities have it from the start of its last
    /// wait on, and what has none is handed over at its end (R030).
    fn handed_in(&self, ticket: &str) -> Option<i64> {
        let plan = self.standing.now()?;
        let wait = plan.steps(ticket).rfind(|step| step.people.is_empty());
        let moment = wait.map(|step| step.start).or_else(|| plan.finish(ticket))?;
        Some(plan.plan.zone.tick_from(moment).0 * MINUTE)
    }
}

/// That a red line forbids it, with what is lawful instead (R014, R015).
fn forbidden(line: &RedLine) -> Label {
    let RedLine { code, reason, .. } = line;
    let (mut zh, mut en) = (
        format!("触及红线 {code}：{}", reason.zh),
        format!("it crosses the red line {code}: {}", reason.en),
    );
    if let Some(Alternative { service, about }) = &line.alternative {
        zh.push_str(&format!("；可改办 {service}：{}", about.zh));
        en.push_str(&format!("; {service} is lawful instead: {}", about.en));
    }
    Label::new(zh, en)
}

/// That nobody has said yet whether a red line is crossed.
fn untold(line: &RedLine, asked: &[Attribute]) -> Label {
    let names: Vec<&str> = asked.iter().map(|attribute| attribute.name.as_str()).collect();
    let (code, names) = (&line.code, names.join(", "));
    Label::new(
        format!("红线 {code} 要看 {names}：请先报价并写明，接受后才能编排"),
        format!("the red line {code} depends on {names}: ask for a quote that states it first"),
    )
}

/// The posts that come with what somebody does (R172 to R177). None of them decides, approves or
/// speaks for the firm: who does that, the policy names.
fn own_posts(role: Role) -> &'static [Post] {
    match role {
        Role::Administrator | Role::Auditor | Role::Ticketing => &[],
        Role::Dispatcher => &[Post::Agent, Post::Liaison],
        Role::Specialist => &[Post::Specialist, Post::Driver, Post::Liaison],
        Role::Reviewer => &[Post::Reviewer],
    }
}

/// The posts that decide what two have rejected, and what becomes of a result that is there (R192).
const MANAGERS: [Post; 3] = [Post::DepartmentManager, Post::GeneralManager, Post::Director];

impl Service {
    /// The posts of whoever does something: those that come with the role of `caller`, and those of
    /// `person` where he speaks for him. Of a key made for nobody nobody gets one (R052, R174).
    pub(super) fn posts(&self, caller: &Caller, person: &str) -> Result<BTreeSet<Post>, Refusal> {
        let mut posts: BTreeSet<Post> = own_posts(caller.role).iter().copied().collect();
        if let Some(laid) = self.laid()?.filter(|_| caller.speaks_for(person)) {
            posts.extend(laid.desk.posts_of(person));
        }
        Ok(posts)
    }

    /// Whether he decides what two have rejected: whoever holds such a post, and where nothing is
    /// laid down, whoever looks over results.
    pub(super) fn is_manager(
        &self,
        caller: &Caller,
        posts: &BTreeSet<Post>,
    ) -> Result<bool, Refusal> {
        if self.laid()?.is_none() {
            return Ok(caller.may(Permission::TicketReview));
        }
        Ok(MANAGERS.iter().any(|post| posts.contains(post)))
    }
}

/// The digest of the confirmation that the client of a ticket signs (R085).
fn to_sign(key: &str, file: &TicketFile, life: &Life) -> Option<String> {
    let service = file.ticket.service.as_deref().unwrap_or_default();
    closing::confirmation(life, service).digest(key)
}
