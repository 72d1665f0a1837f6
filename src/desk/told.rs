//! What a client is told: the daily report, how far it is, when it will be done, what he must do.
//! Nothing of what stays in the house is in it.

use super::clock::{MINUTE, Wait};
use super::event::Event;
use super::life::{Garbled, Happening, Life, Node, Stage};
use crate::calendar::{Book, Calendar, Date, Label, Zone};
use crate::time::{DAY, Span, Tick};

/// Minutes looked back for open ones.
const REACH: i64 = 30 * DAY;

/// The three states a client sees (R059).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Visible {
    /// Material is looked at.
    UnderReview,
    /// The authorities have it.
    WithAgency,
    /// It can be collected.
    Ready,
}

/// What a client sees of his ticket (R059, R080), and nothing else.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// How far it is.
    pub state: Visible,
    /// When it will be done: earliest and latest.
    pub expected_ms: Option<(i64, i64)>,
    /// Why that changed last (R080); none where nothing but the promise is known.
    pub because: Option<String>,
    /// The material he is to bring, and by when, where he was told (R032).
    pub to_bring: Vec<(String, Option<i64>)>,
    /// Whether he is to answer, where no material is lacking.
    pub is_to_answer: bool,
    /// Whether he is to sign.
    pub is_to_sign: bool,
    /// Whether he is to pay.
    pub is_to_pay: bool,
}

/// The state a client sees of a ticket at this stage, whose material is all there or not; `None`
/// once it was refused or called off. The one rule of it, for pages, links and reports.
#[must_use]
pub fn visible(stage: Stage, is_material_done: bool) -> Option<Visible> {
    let state = match stage {
        Stage::Refused | Stage::CalledOff => return None,
        Stage::InProgress | Stage::SelfChecked | Stage::Reviewed => Visible::WithAgency,
        Stage::Delivered
        | Stage::Signed
        | Stage::Surveyed
        | Stage::LookedBack
        | Stage::Archived => Visible::Ready,
        _ => Visible::UnderReview,
    };
    let is_lacking = state == Visible::WithAgency && !is_material_done;
    Some(if is_lacking { Visible::UnderReview } else { state })
}

/// What the client sees; `None` once it was refused or called off.
#[must_use]
pub fn view(life: &Life) -> Option<View> {
    let state = visible(life.stage, life.is_material_done())?;
    let forecast = life.beside.forecast.as_ref();
    let promised = life.owed_ms().map(|owed| (owed, owed));
    let lacking = life.material.iter().filter(|(_, item)| !item.is_done() && !item.is_in);
    let due = |name: &String| life.beside.client_due.get(name).copied();
    let to_bring: Vec<_> = lacking.map(|(name, _)| (name.clone(), due(name))).collect();
    Some(View {
        state,
        expected_ms: forecast.map(|one| (one.earliest_ms, one.latest_ms)).or(promised),
        because: forecast.map(|one| one.reason.clone()),
        is_to_answer: to_bring.is_empty() && life.waits.contains(&Wait::Client),
        to_bring,
        is_to_sign: life.stage == Stage::Delivered,
        is_to_pay: life.beside.owed_fen.is_some() || life.waits.contains(&Wait::Payment),
    })
}

/// What a client has not been told since he last heard anything: key nodes that were passed, and
/// what may move his date (R073, R074), with the `name`s of material; routine is none of it.
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn untold<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    name: &dyn Fn(&str) -> Label,
) -> Result<Vec<(Node, Label)>, Garbled> {
    let (mut life, mut found) = (Life::default(), Vec::new());
    for event in events {
        let Some(happening) = Happening::read(event)? else { continue };
        life.apply(event.at_ms, &event.actor, &happening);
        match &happening {
            Happening::ClientTold { .. } | Happening::DailyReported { .. } => found.clear(),
            Happening::Accepted { .. } => {
                found.push((Node::Key, Label::new("已承诺日期", "a date is promised")));
            }
            Happening::PromiseMoved { .. } => {
                found.push((Node::Key, Label::new("承诺日期已改", "another date is promised")));
            }
            Happening::Begun {} | Happening::Reviewed { .. } | Happening::Delivered { .. } => {
                let told = done(&happening, name);
                found.extend(told.map(|label| (Node::Key, label)));
            }
            Happening::ForecastMade { latest_ms: Some(latest_ms), reason, .. }
                if life.owed_ms().is_some_and(|owed| *latest_ms > owed) =>
            {
                let (zh, en) =
                    (format!("可能晚于承诺：{reason}"), format!("may be late: {reason}"));
                found.push((Node::Risk, Label::new(zh, en)));
            }
            Happening::Returned { .. } => {
                let (zh, en) = ("办理结果被退回，重新办理", "it came back and is done again");
                found.push((Node::Risk, Label::new(zh, en)));
            }
            Happening::AnomalyRaised { what, .. } => {
                let (zh, en) = (format!("出现异常：{what}"), format!("went wrong: {what}"));
                found.push((Node::Risk, Label::new(zh, en)));
            }
            Happening::ClientLate { items, .. } => {
                let Label { zh, en } = listed(items, name);
                let (zh, en) = (
                    format!("材料迟到，日期顺延：{zh}"),
                    format!("material came late, and the date moves: {en}"),
                );
                found.push((Node::Risk, Label::new(zh, en)));
            }
            _ => {}
        }
    }
    Ok(found)
}

/// What he must do (R070, R080), with the `name`s that the firm gives its material.
#[must_use]
pub fn to_do(view: &View, zone: Zone, name: &dyn Fn(&str) -> Label) -> Vec<Label> {
    let mut labels = Vec::new();
    for (item, by_ms) in &view.to_bring {
        let name = name(item);
        let (mut zh, mut en) =
            (format!("请提供：{}", name.zh), format!("please bring: {}", name.en));
        if let Some(by_ms) = by_ms {
            let tick = Tick(by_ms.div_euclid(MINUTE));
            let (date, minute) = (Date::from(zone.date(tick)), zone.minute_of_day(tick));
            let by = format!("{date} {:02}:{:02}", minute / 60, minute % 60);
            zh.push_str(&format!("（{by} 前）"));
            en.push_str(&format!(" (by {by})"));
        }
        labels.push(Label::new(zh, en));
    }
    if view.is_to_answer {
        labels.push(Label::new("请答复我们", "please answer us"));
    }
    if view.is_to_sign {
        labels.push(Label::new("请签收", "please sign"));
    }
    if view.is_to_pay {
        labels.push(Label::new("请付款", "please pay"));
    }
    labels
}

impl Visible {
    /// What clients call it.
    #[must_use]
    pub fn label(self) -> Label {
        let (zh, en) = match self {
            Visible::UnderReview => ("材料审核中", "material under review"),
            Visible::WithAgency => ("部门审批中", "under approval by the authority"),
            Visible::Ready => ("待领取", "ready to collect"),
        };
        Label::new(zh, en)
    }
}

/// What the client is to bring by when so that nobody waits for it (R032): the material that is
/// not there yet, so long before its step begins as looking at it takes in working time. `None`
/// when nothing is missing, or when at `now_ms` it is too late for that.
#[must_use]
pub fn to_bring(
    life: &Life,
    begins_ms: i64,
    (book, office): (&Book, &Calendar),
    (precheck_minutes, now_ms): (i64, i64),
) -> Option<Happening> {
    let lacking = life.material.iter().filter(|(_, item)| !item.is_done() && !item.is_in);
    let items: Vec<String> = lacking.map(|(name, _)| name.clone()).collect();
    let begins = Tick(begins_ms.div_euclid(MINUTE));
    let open = book.open_spans(office, Span::new(begins - REACH, begins));
    let mut left = precheck_minutes;
    let mut by = Some(begins).filter(|_| left <= 0);
    for opening in open.iter().rev().filter(|_| precheck_minutes > 0) {
        if opening.span.minutes() >= left {
            by = Some(opening.span.end - left);
            break;
        }
        left -= opening.span.minutes();
    }
    let by_ms = Some(by?.0 * MINUTE).filter(|by_ms| *by_ms > now_ms)?;
    (!items.is_empty()).then_some(Happening::ClientDue { items, by_ms })
}

/// The draft of a daily report: three sections (R070).
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Draft {
    /// What was done today.
    pub done: Vec<Label>,
    /// What is planned for tomorrow.
    pub tomorrow: Vec<Label>,
    /// What the client must do.
    pub client: Vec<Label>,
}

/// The daily report (R068, R070): what the events of today, from `since_ms` on, say was done; the
/// steps the plan has for tomorrow; what is wanted of the client, with the `name`s of material.
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn daily<'e>(
    events: impl IntoIterator<Item = &'e Event>,
    since_ms: i64,
    planned: &[Label],
    (zone, name): (Zone, &dyn Fn(&str) -> Label),
) -> Result<Draft, Garbled> {
    let mut draft = Draft { tomorrow: planned.to_vec(), ..Draft::default() };
    let mut life = Life::default();
    for event in events {
        let Some(happening) = Happening::read(event)? else { continue };
        life.apply(event.at_ms, &event.actor, &happening);
        if event.at_ms >= since_ms {
            draft.done.extend(done(&happening, name));
        }
    }
    draft.client = view(&life).map(|view| to_do(&view, zone, name)).unwrap_or_default();
    Ok(draft)
}

/// What of a happening a client is told; sensitive findings are none of it (R194).
fn done(happening: &Happening, name: &dyn Fn(&str) -> Label) -> Option<Label> {
    let label = |zh: String, en: String| Some(Label::new(zh, en));
    match happening {
        Happening::MaterialReceived { items, .. } => {
            let Label { zh, en } = listed(items, name);
            label(format!("已收到材料：{zh}"), format!("material came in: {en}"))
        }
        Happening::Begun {} => label("已开始办理".to_owned(), "work began".to_owned()),
        Happening::AgenciesSynced { state } => {
            label(format!("各部门进度：{state}"), format!("at the authorities: {state}"))
        }
        Happening::ClientTold { what, .. } => label(what.clone(), what.clone()),
        Happening::Returned { code: Some(code), .. } => {
            let what = code.label();
            let zh = format!("{}，当天重新办理", what.zh);
            label(zh, format!("{}; done again the same day", what.en))
        }
        Happening::AnomalyAnswered { cause, remedy, .. } => label(
            format!("异常：{cause}；处理：{remedy}"),
            format!("went wrong: {cause}; what is done: {remedy}"),
        ),
        Happening::Reviewed { .. } => label("已通过复核".to_owned(), "passed review".to_owned()),
        Happening::Delivered { .. } => label("已交付".to_owned(), "delivered".to_owned()),
        _ => None,
    }
}

/// What items are called, one after the other.
fn listed(items: &[String], name: &dyn Fn(&str) -> Label) -> Label {
    let names = items.iter().map(|item| name(item)).map(|label| (label.zh, label.en));
    let (zh, en): (Vec<String>, Vec<String>) = names.unzip();
    Label::new(zh.join("、"), en.join(", "))
}

impl super::life::Rework {
    /// What people call it.
    #[must_use]
    pub fn label(self) -> Label {
        use super::life::Rework::{Figures, Format, Kind, Material, Regulation};
        let (zh, en) = match self {
            Format => ("格式不符", "the wrong format"),
            Figures => ("数据有误", "wrong figures"),
            Kind => ("办理类型有误", "the wrong kind of matter"),
            Material => ("材料有误", "wrong material"),
            Regulation => ("规定已变", "a rule has changed"),
        };
        Label::new(zh, en)
    }
}
