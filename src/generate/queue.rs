//! The queue of generated scenarios: which client asks for what. Must not know dates: what is
//! promised for when is decided in `promise`, once it is known how long things take.

use super::firm::{bureau_named, named};
use crate::calendar::Label;
use crate::model::people::Client;
use crate::model::scenario::Scenario;
use crate::model::ticket::{Adjust, Service, Step, Ticket, Track};
use crate::solver::rng::Rng;

/// How often each service is asked for, as weights.
const DEMAND: [(&str, i64); 23] = [
    ("filing", 150),
    ("monthly-books", 120),
    ("invoices", 90),
    ("social", 80),
    ("change", 80),
    ("registration", 60),
    ("tax-registration", 50),
    ("consulting", 50),
    ("contract", 50),
    ("refund", 40),
    ("trademark", 40),
    ("annual-report", 40),
    ("food-licence", 30),
    ("deregistration", 20),
    ("open-filings", 10),
    ("clean-up", 25),
    ("labour-dispatch", 20),
    ("audit", 20),
    ("health-check", 20),
    ("equity-change", 15),
    ("high-tech", 15),
    ("relocation", 15),
    ("construction", 15),
];

const MARKETS: [&str; 3] = ["market-pudong", "market-xuhui", "market-minhang"];
const TAXES: [&str; 3] = ["tax-pudong", "tax-xuhui", "tax-minhang"];

/// What queues are drawn from.
pub(super) struct Counter<'a> {
    /// One office's catalogue.
    pub(super) base: &'a Scenario,
    /// Clients and their offices.
    pub(super) clients: &'a [(Client, usize)],
    /// Whether each office has somebody to learn; services with a trainee's seat need one.
    pub(super) teaches: Vec<bool>,
    /// Whether each office is large enough for two pairs of eyes on one matter.
    pub(super) reviews: Vec<bool>,
}

/// A ticket without dates.
pub(super) struct Asked<'a> {
    /// The ticket.
    pub(super) ticket: Ticket,
    /// The office that serves it.
    pub(super) office: usize,
    /// Its service, as the first office calls it.
    pub(super) service: &'a Service,
}

impl Asked<'_> {
    /// The template of its track.
    pub(super) fn steps(&self) -> &[Step] {
        template(self.service, self.ticket.track)
    }

    /// Its effort with every tool of the firm at hand, prerequisites left out.
    pub(super) fn rough_minutes(&self, base: &Scenario) -> i64 {
        let minutes = self.steps().iter().map(|step| {
            let own = self.ticket.adjust.iter().find(|change| change.step == step.id);
            let minutes = own.and_then(|change| change.minutes).or(step.minutes).unwrap_or(0);
            let at_hand = step.tools.iter().filter(|effect| {
                base.tools.iter().any(|tool| tool.id == effect.tool && tool.available)
            });
            let percent = at_hand.map(|effect| effect.percent).min().unwrap_or(100).min(100);
            i64::from(minutes) * i64::from(percent) / 100
                * i64::try_from(step.seats.len()).expect("a step has few seats")
        });
        minutes.sum()
    }
}

fn template(service: &Service, track: Track) -> &[Step] {
    match (track, &service.urgent) {
        (Track::Urgent, Some(steps)) => steps,
        _ => &service.normal,
    }
}

/// `count` tickets without dates.
pub(super) fn queue<'a>(rng: &mut Rng, counter: &Counter<'a>, count: usize) -> Vec<Asked<'a>> {
    let weights = DEMAND.map(|(_, weight)| weight);
    let mut rows: Vec<Asked> = Vec::with_capacity(count);
    while rows.len() < count {
        let (client, office) = rng.pick(counter.clients);
        let office = *office;
        let service = DEMAND[rng.weighted(&weights)].0;
        if !offered(counter, service, office) {
            continue;
        }
        let service = known(counter, service);
        let left = count - rows.len();
        let copies = match service.id.as_str() {
            "deregistration" if left >= 3 && rng.chance(400) => 3,
            "registration" if left >= 2 && rng.chance(300) => 0,
            _ => 1,
        };
        let number = rows.len() + 1;
        for copy in 0..copies.max(1) {
            let mut ticket = ticket(rng, counter, client, office, service, number + copy);
            if copies == 3 {
                ticket.entity = Some(format!("{}-{}", client.id, copy + 1));
                ticket.batch = Some(format!("b{number:06}"));
            }
            rows.push(Asked { ticket, office, service });
        }
        if copies == 0 {
            // A new company is registered for tax once it exists.
            let service = known(counter, "tax-registration");
            let mut ticket = ticket(rng, counter, client, office, service, number + 1);
            ticket.after.push(rows[number - 1].ticket.id.clone());
            rows.push(Asked { ticket, office, service });
        }
    }
    rows
}

fn known<'a>(counter: &Counter<'a>, service: &str) -> &'a Service {
    let found = counter.base.services.iter().find(|known| known.id == service);
    found.expect("the demand names services of the catalogue")
}

fn offered(counter: &Counter, service: &str, office: usize) -> bool {
    match service {
        "clean-up" => counter.teaches[office],
        "monthly-books" | "contract" | "invoices" | "social" | "annual-report" => true,
        _ => counter.reviews[office],
    }
}

fn ticket(
    rng: &mut Rng,
    counter: &Counter,
    client: &Client,
    office: usize,
    service: &Service,
    number: usize,
) -> Ticket {
    let urgent = service.urgent.is_some() && rng.chance(330);
    let track = if urgent { Track::Urgent } else { Track::Normal };
    let steps = template(service, track);
    let asked = steps.iter().any(|step| step.bureau.as_deref() == Some("@ticket"));
    let pool = if matches!(service.id.as_str(), "invoices" | "refund" | "tax-registration") {
        TAXES
    } else {
        MARKETS
    };
    let bureau = asked.then(|| bureau_named(counter.base, pool[rng.below(pool.len())], office));
    let label = |pick: fn(&Label) -> &str| {
        let client = client.name.as_ref().map_or("", pick);
        format!("{client}: {}", service.name.as_ref().map_or("", pick))
    };
    Ticket {
        title: Some(Label::new(label(|l| &l.zh), label(|l| &l.en))),
        client: Some(client.id.clone()),
        service: Some(named(&service.id, office)),
        track,
        bureau,
        adjust: if rng.chance(400) { sized(rng, steps) } else { Vec::new() },
        ..Ticket::bare(format!("t{number:06}"))
    }
}

/// The longest desk step, half to a bit more than twice its size.
fn sized(rng: &mut Rng, steps: &[Step]) -> Vec<Adjust> {
    let desk = steps.iter().filter(|step| step.bureau.is_none() && step.minutes.is_some());
    let longest = desk.max_by_key(|step| step.minutes);
    let change = longest.map(|step| {
        let minutes = i64::from(step.minutes.unwrap_or(0)) * rng.range(50, 221) / 100;
        let minutes = u32::try_from(minutes.max(5)).expect("templates are short");
        Adjust { minutes: Some(minutes), ..unchanged(&step.id) }
    });
    change.into_iter().collect()
}

/// A change of `step` that changes nothing yet.
pub(super) fn unchanged(step: &str) -> Adjust {
    Adjust { step: step.to_owned(), minutes: None, windows: None, latest_end: None, site: None }
}
