//! A morning for reports to show: 14 people, 60 tickets and three days, planned by taking turns.
//! The plan is there to be looked at; it is neither good nor verified.

use paidan::calendar::Moment;
use paidan::calendar::Opening;
use paidan::calendar::windows;
use paidan::id::Id;
use paidan::model::cost::{Bill, Loss};
use paidan::model::plan::{
    Bound, BoundMethod, Piece, Plan, PlannedStep, Provenance, Standing, UnservedReason,
    UnservedTicket,
};
use paidan::model::scenario::Scenario;
use paidan::model::work::{self, Lag, Work, resolve};
use paidan::report::board::{self, Board, Figures, PersonFigures, SLIP_MINUTES, TicketFigures};
use paidan::time::{DAY, Money, Span, Tick};
use serde_json::{Value, json};

/// Names of people: Chinese, English, team.
const PEOPLE: [(&str, &str, &str); 14] = [
    ("陈立群", "Chen Liqun", "税务一部"),
    ("周雅文", "Zhou Yawen", "税务一部"),
    ("王思齐", "Wang Siqi", "税务一部"),
    ("林晓东", "Lin Xiaodong", "税务二部"),
    ("郑海燕", "Zheng Haiyan", "税务二部"),
    ("何俊杰", "He Junjie", "税务二部"),
    ("徐静怡", "Xu Jingyi", "工商部"),
    ("孙国华", "Sun Guohua", "工商部"),
    ("欧阳若兰", "Ouyang Ruolan", "工商部"),
    ("马天宇", "Ma Tianyu", "代账部"),
    ("朱婷婷", "Zhu Tingting", "代账部"),
    ("胡志强", "Hu Zhiqiang", "代账部"),
    ("郭明月", "Guo Mingyue", "加急组"),
    ("罗一鸣", "Luo Yiming", "加急组"),
];

const CLIENTS: [(&str, &str); 6] = [
    ("上海远景信息科技有限公司", "Yuanjing Information Technology"),
    ("浦江食品贸易", "Pujiang Food Trading"),
    ("<script>alert('x')</script>贸易", "<script>alert('x')</script> Trading"),
    ("虹桥建筑工程", "Hongqiao Construction"),
    ("静安文化传媒", "Jing'an Media & Culture"),
    ("松江精密机械制造", "Songjiang Precision Machinery"),
];

/// The scenario, with so many tickets.
pub(crate) fn scenario(count: usize) -> Scenario {
    let work = ["09:00-12:00", "13:00-18:00"];
    let counter = ["09:00-11:30", "13:00-16:30"];
    let week = |hours: &[&str]| json!({"mon": hours, "tue": hours, "wed": hours, "thu": hours, "fri": hours});
    let value = json!({
        "format": "paidan-scenario/1",
        "about": {"zh": "报表测试用的一个早晨", "en": "A morning for the reports"},
        "as_of": "2026-03-02T08:30", "horizon": "2026-03-06T18:00",
        "calendars": [
            {"id": "office", "weekly": week(&work), "holidays": "china"},
            {"id": "evening", "weekly": week(&["18:00-21:00"]), "holidays": "china"},
            {"id": "counter", "weekly": week(&counter), "holidays": "china"},
        ],
        "skills": [{"id": "work"}],
        "sites": [
            {"id": "base", "name": {"zh": "公司", "en": "the office"}},
            {"id": "hall", "name": {"zh": "办税服务厅", "en": "tax service hall"}},
        ],
        "travel": [{"from": "base", "to": "hall", "minutes": 25}],
        "things": [{"id": "seal", "name": {"zh": "公章", "en": "company seal"}}],
        "bureaus": [
            {"id": "tax", "name": {"zh": "浦东税务局", "en": "Pudong tax bureau"}, "calendar": "counter", "site": "hall"},
            {"id": "samr", "name": {"zh": "市场监督管理局", "en": "Market regulator"}, "calendar": "counter"},
        ],
        "people": people(), "clients": clients(), "services": services(), "tickets": tickets(count),
    });
    serde_json::from_value(value).unwrap()
}

fn people() -> Vec<Value> {
    let person = |(row, (zh, en, team)): (usize, &(&str, &str, &str))| {
        json!({
            "id": format!("p{row}"), "name": {"zh": zh, "en": en}, "team": team, "base": "base",
            "skills": [{"skill": "work", "level": 3}],
            "bands": [{"kind": "regular", "calendar": "office"},
                      {"kind": "overtime", "calendar": "evening", "price_per_hour_fen": 8000}],
        })
    };
    PEOPLE.iter().enumerate().map(person).collect()
}

fn clients() -> Vec<Value> {
    let client = |(row, (zh, en)): (usize, &(&str, &str))| json!({"id": format!("c{row}"), "name": {"zh": zh, "en": en}});
    CLIENTS.iter().enumerate().map(client).collect()
}

fn services() -> Value {
    let seat = json!([{"skill": "work"}]);
    json!([
        {"id": "vat", "name": {"zh": "增值税申报", "en": "VAT filing"}, "normal": [
            {"id": "books", "name": {"zh": "核对账目", "en": "check the books"}, "seats": seat, "minutes": 90},
            {"id": "file", "name": {"zh": "窗口申报", "en": "file at the counter"}, "seats": seat, "minutes": 50,
             "after": [{"step": "books"}], "bureau": "tax", "site": "@bureau", "things": ["seal"]},
            {"id": "review", "name": {"zh": "复核", "en": "second review"}, "seats": seat, "minutes": 30,
             "after": [{"step": "file"}]}]},
        {"id": "equity", "name": {"zh": "股权变更登记", "en": "Change of shareholders"}, "normal": [
            {"id": "meet", "name": {"zh": "与客户面谈", "en": "meet the client"}, "minutes": 60,
             "seats": [{"skill": "work"}, {"skill": "work"}], "client_trip": true, "site": "base"},
            {"id": "draft", "name": {"zh": "起草决议与章程修正案", "en": "draft the resolutions"}, "seats": seat,
             "minutes": 240, "after": [{"step": "meet"}]},
            {"id": "accept", "name": {"zh": "主管机关受理", "en": "acceptance"}, "by": {"zh": "市场监督管理局", "en": "the regulator"},
             "wait": {"working_days": 1, "calendar": "counter"}, "after": [{"step": "draft"}]},
            {"id": "deliver", "name": {"zh": "取照交付", "en": "fetch and deliver"}, "seats": seat, "minutes": 45,
             "bureau": "samr", "after": [{"step": "accept"}]}]},
        {"id": "ledger", "name": {"zh": "代理记账", "en": "Bookkeeping"}, "normal": [
            {"id": "post", "name": {"zh": "录入凭证", "en": "enter vouchers"}, "seats": seat, "minutes": 150}]},
    ])
}

fn tickets(count: usize) -> Vec<Value> {
    let ticket = |row: usize| {
        let (day, hour) = (2 + row % 4, 10 + row % 8);
        let service = ["vat", "equity", "ledger", "vat", "ledger"][row % 5];
        json!({
            "id": format!("T-{:03}", row + 1), "client": format!("c{}", row % CLIENTS.len()),
            "service": service,
            "track": if row % 7 == 3 { "urgent" } else { "normal" },
            "due": format!("2026-03-{day:02}T{hour:02}:00"),
            "curves": [{"kind": "urgency", "per_hour_fen": 10_000 + 700 * row}],
        })
    };
    (0..count).map(ticket).collect()
}

/// Everything a board is made of.
pub(crate) struct Case {
    pub(crate) scenario: Scenario,
    pub(crate) work: Work,
    pub(crate) plan: Plan,
    pub(crate) figures: Figures,
}

impl Case {
    /// The case of a scenario.
    pub(crate) fn of(scenario: Scenario) -> Case {
        let work = resolve(&scenario).unwrap_or_else(|issues| panic!("{issues:?}"));
        let plan = by_turns(&work);
        let figures = figures(&work, &plan);
        Case { scenario, work, plan, figures }
    }

    /// Its board.
    pub(crate) fn board(&self) -> Board {
        board::build(&self.work, &self.scenario, &self.plan, &self.figures)
    }
}

/// The morning above.
pub(crate) fn morning() -> Case {
    Case::of(scenario(60))
}

/// Every step as early as its people, taken in turn, have time; the last two tickets left out.
fn by_turns(work: &Work) -> Plan {
    let reach = Span::new(work.as_of - DAY, work.horizon + 120 * DAY);
    let hours = |person: &work::Person, extra: bool| {
        let mut open: Vec<Opening> = Vec::new();
        for band in person.bands.iter().take(if extra { 2 } else { 1 }) {
            open = windows::union(&open, &work.book.open_spans(&band.present, reach));
        }
        open
    };
    let regular: Vec<_> = work.people.iter().map(|person| hours(person, false)).collect();
    let longer: Vec<_> = work.people.iter().map(|person| hours(person, true)).collect();
    let mut free = vec![work.as_of; work.people.len()];
    let mut steps: Vec<PlannedStep> = Vec::new();
    let count = work.tickets.len();
    for (id, ticket) in work.tickets.pairs().take(count - 2) {
        let mut ends: std::collections::BTreeMap<Id<work::Step>, Tick> = Default::default();
        for step_id in &ticket.steps {
            let step = &work.steps[*step_id];
            let after =
                step.links.iter().map(|link| ends[&link.step]).max().unwrap_or(ticket.release);
            let crew = crew(work, step, &free);
            let extra = id.index() % 9 == 0 && crew.len() == 1;
            let open = crew.iter().fold(None, |open: Option<Vec<Opening>>, person| {
                let own = if extra { &longer[*person] } else { &regular[*person] };
                Some(open.map_or_else(|| own.clone(), |open| windows::intersect(&open, own)))
            });
            let start = crew.iter().map(|person| free[*person]).fold(after, Ord::max);
            let Some(open) = open else {
                let end = wait_end(work, step, start);
                ends.insert(*step_id, end);
                steps.push(planned(work, step, &[], &[Span::new(start, end)]));
                continue;
            };
            let minutes = step.minutes(Id::new(crew[0]), 3, &work.policy.pace_percent);
            let pieces = pieces(work, step, &open, start, minutes);
            let end = pieces.last().unwrap().end;
            crew.iter().for_each(|person| free[*person] = end);
            ends.insert(*step_id, end);
            steps.push(planned(work, step, &crew, &pieces));
        }
    }
    let left = work.tickets.iter().skip(count - 2).map(|ticket| UnservedTicket {
        ticket: ticket.key.clone(),
        reason: Some(UnservedReason::NoRoom),
        price: None,
    });
    finished(work, steps, left.collect())
}

/// The people free earliest who hold the seats' skills, lead first.
fn crew(work: &Work, step: &work::Step, free: &[Tick]) -> Vec<usize> {
    let mut crew: Vec<usize> = Vec::new();
    for seat in &step.seats {
        let able = |row: &usize| {
            let person = &work.people[Id::new(*row)];
            let skilled =
                person.skills.iter().any(|h| h.skill == seat.skill && h.level >= seat.level);
            skilled && !person.bands.is_empty() && !crew.contains(row)
        };
        let earliest = (0..work.people.len()).filter(able).min_by_key(|row| (free[*row], *row));
        crew.push(earliest.unwrap());
    }
    crew
}

fn wait_end(work: &Work, step: &work::Step, start: Tick) -> Tick {
    let book = &work.book;
    match step.wait {
        Lag::Minutes(minutes) => start + minutes,
        Lag::WorkingDays(n, clock) => book.nth_opening(&work.clocks[clock], start, n).unwrap(),
        Lag::WorkingMinutes(minutes, clock) => {
            book.add_open_minutes(&work.clocks[clock], start, minutes).unwrap()
        }
    }
}

/// The first open minutes from `start` on; at a bureau from one of its open minutes on.
fn pieces(
    work: &Work,
    step: &work::Step,
    open: &[Opening],
    start: Tick,
    minutes: i64,
) -> Vec<Span> {
    let mut start = start;
    if let Some((bureau, _)) = step.bureau {
        let calendar = &work.clocks[work.bureaus[bureau].hours];
        let reach = Span::new(start, start + 30 * DAY);
        let both = windows::intersect(&work.book.open_spans(calendar, reach), open);
        start = both.first().unwrap().span.start;
    }
    let (mut left, mut pieces) = (minutes, Vec::new());
    for opening in open {
        let Some(span) = opening.span.intersection(Span::new(start, Tick::MAX)) else { continue };
        let taken = left.min(span.minutes());
        if taken > 0 {
            pieces.push(Span::new(span.start, span.start + taken));
            left -= taken;
        }
    }
    pieces
}

fn planned(work: &Work, step: &work::Step, crew: &[usize], pieces: &[Span]) -> PlannedStep {
    let moment = |tick: Tick| -> Moment { work.zone.moment(tick) };
    let frozen = step.ticket.index() % 11 == 5;
    PlannedStep {
        ticket: work.tickets[step.ticket].key.clone(),
        step: step.name.clone(),
        people: crew.iter().map(|row| work.people[Id::new(*row)].key.clone()).collect(),
        start: moment(pieces[0].start),
        end: Some(moment(pieces[pieces.len() - 1].end)),
        pieces: if crew.is_empty() {
            Vec::new()
        } else {
            pieces.iter().map(|p| Piece { from: moment(p.start), to: moment(p.end) }).collect()
        },
        standing: if frozen { Standing::Frozen } else { Standing::Planned },
        provisional: false,
    }
}

fn finished(work: &Work, steps: Vec<PlannedStep>, unserved: Vec<UnservedTicket>) -> Plan {
    Plan {
        format: "paidan-plan/1".to_owned(),
        zone: work.zone,
        as_of: Some(work.zone.moment(work.as_of)),
        horizon: Some(work.zone.moment(work.horizon)),
        steps,
        unserved,
        released: Vec::new(),
        weights: None,
        cost: None,
        bound: Some(Bound {
            value_fen: Money(310_000),
            method: BoundMethod::TicketsAlone,
            gap_basis_points: 1234,
            gap: None,
        }),
        prices: Vec::new(),
        provenance: Some(Provenance {
            version: "0.1.0".to_owned(),
            digest: "9f".repeat(32),
            seed: 7,
            lanes: 4,
            rounds: 12,
            planned_rounds: None,
            steps_per_round: 2_000,
            construction: "slack".to_owned(),
            fallback: true,
            joined: Vec::new(),
            failed_programs: 0,
            sweep: None,
        }),
    }
}

/// Amounts to show: ¥200 per hour late, begun hours counted; ¥1,500 per ticket left out; 80 an
/// hour of overtime.
fn figures(work: &Work, plan: &Plan) -> Figures {
    let mut figures = Figures::default();
    let loss = |minutes: i64| {
        let amount = Money(20_000 * ((minutes.max(0) + 59) / 60));
        Loss { weighted_fen: amount, urgency_fen: amount, client_value_fen: Money::ZERO }
    };
    for ticket in work.tickets.iter() {
        let own = plan.steps.iter().filter(|step| step.ticket == ticket.key);
        let finish = own.map(|step| plan.zone.tick_from(step.end.unwrap())).max();
        let late = finish.zip(ticket.due).map(|(finish, due)| finish - due);
        let amounts = match late {
            Some(late) => TicketFigures { loss: loss(late), slipped: loss(late + SLIP_MINUTES) },
            None => {
                let price = loss(450);
                figures.bill.unserved += price;
                TicketFigures { loss: price, slipped: price }
            }
        };
        if late.is_some() {
            figures.bill.lateness += amounts.loss;
        }
        figures.tickets.insert(ticket.key.clone(), amounts);
    }
    for (row, person) in work.people.iter().enumerate() {
        let minutes = i64::try_from(row).unwrap() * 10;
        let extra_cost = Money(8_000).scaled_up(minutes, 60);
        let regular_minutes = 1_200 - minutes;
        figures.bill.overtime_fen += extra_cost;
        let own = PersonFigures {
            regular_minutes,
            available_minutes: 2_400,
            extra_minutes: minutes,
            extra_cost,
        };
        figures.people.insert(person.key.clone(), own);
    }
    figures.bill.preference_fen = Money(12_345);
    figures.bill = Bill::summed(figures.bill);
    figures
}
