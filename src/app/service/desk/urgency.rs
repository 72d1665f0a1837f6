//! How urgent a ticket is, as the engine sees it: what its class says being late costs is put on it
//! when it is assessed, and what is not urgent takes the normal track (R002, R004, R018). Numbers
//! that the engine knows are counted, not typed.

use super::Laid;
use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::app::service::tickets::{Standing, TicketFile};
use crate::calendar::{Day, Label, Moment, Zone};
use crate::desk::clock::MINUTE;
use crate::desk::life::{Assessment, Happening, Life, Node, Verdict};
use crate::desk::triage;
use crate::model::ticket::{Curve, Ticket, Track};
use crate::time::Tick;

impl Service {
    /// `wish` with what follows from plans and prices in it: how much time the normal track leaves,
    /// and what calling off comes to.
    pub(super) fn counted(
        &self,
        wish: Happening,
        (key, file): (&str, &TicketFile),
        life: &Life,
        now_ms: i64,
    ) -> Result<Happening, Refusal> {
        match wish {
            Happening::CalledOff { reason, settled: None } => {
                let settled = Some(self.settlement((key, file), life, now_ms)?);
                Ok(Happening::CalledOff { reason, settled })
            }
            Happening::Weighed { people, process, tools, risk } => {
                let (_, counted) = self.able((file, life), now_ms)?;
                let people = of_people(people, counted)?;
                Ok(Happening::Weighed { people, process, tools, risk })
            }
            Happening::LookedBack { well, improve } if blank(&well) && blank(&improve) => {
                let look = self.retrospect((key, file), life)?;
                let (well, improve) = look.sentences();
                Ok(Happening::LookedBack { well, improve })
            }
            Happening::Redirected { slack_ms: stated } => {
                let slack_ms = match (self.slack(file, life, now_ms), stated) {
                    (Some(counted), Some(stated)) if counted.abs_diff(stated) >= MINUTE as u64 => {
                        return Err(other_slack(counted));
                    }
                    (Some(counted), _) => Some(counted),
                    // Without a plan to ask somebody has to know.
                    (None, stated) => stated,
                };
                Ok(Happening::Redirected { slack_ms })
            }
            // What is due is told in the words it is due with (R074).
            Happening::ClientTold { node: Node::Risk, what } if blank(&what) => {
                let words = self.warning_words(key)?;
                let what = words.map_or(what, |words| format!("{} / {}", words.zh, words.en));
                Ok(Happening::ClientTold { node: Node::Risk, what })
            }
            other => self.forecast_counted(key, other),
        }
    }

    /// How long before it is needed the normal track would be done, by the plan in force; below
    /// nought where that is too late. `None` where there is nothing to count by.
    pub(super) fn slack(&self, file: &TicketFile, life: &Life, now_ms: i64) -> Option<i64> {
        let needed = triage::counted_from(life.assessment.as_ref()?)?;
        let normal = Ticket { track: Track::Normal, ..file.ticket.clone() };
        let standing = self.estimated((&normal, &file.attributes), Standing::default(), now_ms);
        let finish = self.zone().tick_from(standing.estimate?).0 * MINUTE;
        Some(needed - finish)
    }

    /// The ticket as it weighs by what happened last; `None` where that changes nothing.
    pub(super) fn weighed_anew(
        &self,
        file: &TicketFile,
        happening: &Happening,
    ) -> Result<Option<TicketFile>, Refusal> {
        let mut ticket = file.ticket.clone();
        match happening {
            Happening::Assessed(assessment) => {
                let Some(laid) = self.laid()? else { return Ok(None) };
                let mut curves = class_curves(&laid, assessment, self.zone());
                if self.must_name_a_client(&ticket).is_err() {
                    // Of a client that was erased no words are written any more.
                    curves.iter_mut().for_each(|curve| curve.reason = None);
                }
                // What somebody stated for this very ticket counts before what its class has.
                let is_stated = !ticket.curves.is_empty() && !self.are_of_a_class(&laid, file);
                if is_stated || curves.is_empty() {
                    return Ok(None);
                }
                ticket.curves = curves;
            }
            Happening::Redirected { .. } => ticket.track = Track::Normal,
            _ => return Ok(None),
        }
        let is_same = ticket == file.ticket;
        Ok((!is_same).then(|| TicketFile { ticket, ..file.clone() }))
    }

    /// Whether the costs of lateness on a ticket are those of some class, whenever it is needed.
    fn are_of_a_class(&self, laid: &Laid, file: &TicketFile) -> bool {
        let plain = |curve: &Curve| Curve { after: None, reason: None, ..curve.clone() };
        let own: Vec<Curve> = file.ticket.curves.iter().map(plain).collect();
        laid.desk.classes.iter().any(|class| {
            let curves: Vec<Curve> = class.curves.iter().map(plain).collect();
            curves == own
        })
    }

    /// The zone of the base; Shanghai's without one.
    #[must_use]
    pub fn zone(&self) -> Zone {
        self.known.now().map_or_else(Zone::default, |known| known.book.zone())
    }
}

/// What being late costs in the class of what was found out, from when it is needed.
pub(super) fn class_curves(laid: &Laid, assessment: &Assessment, zone: Zone) -> Vec<Curve> {
    let class = triage::class(&laid.desk, assessment);
    let needed = triage::counted_from(assessment).map(|needed| moment(zone, needed));
    let found = class.zip(needed);
    found.map(|(class, needed)| triage::curves(class, needed)).unwrap_or_default()
}

/// A moment as documents have it, to the minute.
pub(super) fn moment(zone: Zone, at_ms: i64) -> Moment {
    zone.moment(Tick(at_ms.div_euclid(MINUTE)))
}

/// The date of a moment in `zone`.
pub(super) fn day_of(zone: Zone, at_ms: i64) -> Day {
    zone.date(Tick(at_ms.div_euclid(MINUTE)))
}

/// Whether somebody has the time is counted, not typed (R020, R021): whoever says less is believed,
/// who says more is not, and who says as much has the count beside his words.
fn of_people(stated: Verdict, counted: Option<Verdict>) -> Result<Verdict, Refusal> {
    match (counted, blank(&stated.evidence)) {
        (None, true) => Err(nothing_to_count()),
        // Without people and steps to ask somebody has to know.
        (None, false) => Ok(stated),
        (Some(counted), true) => Ok(counted),
        (Some(counted), false) if stated.answer < counted.answer => Err(nobody_free(&counted)),
        (Some(counted), false) if stated.answer > counted.answer => Ok(stated),
        (Some(counted), false) => {
            let evidence = format!("{} ({})", stated.evidence, counted.evidence);
            Ok(Verdict { evidence, ..counted })
        }
    }
}

fn nobody_free(counted: &Verdict) -> Refusal {
    let evidence = &counted.evidence;
    Refusal::Wish(Label::new(
        format!("按人员与在执行的计划，人手不足（{evidence}）：people 请照算得的写，或不写依据"),
        format!(
            "by people and the plan in force nobody has so much time ({evidence}): state `people` \
             as counted, or no evidence"
        ),
    ))
}

fn nothing_to_count() -> Refusal {
    Refusal::Wish(Label::new(
        "没有基础数据或步骤可算人手：请写明 people.evidence",
        "there are no steps to count people for: state `people.evidence`",
    ))
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn other_slack(counted: i64) -> Refusal {
    let hours = counted.div_euclid(60 * MINUTE);
    Refusal::Wish(Label::new(
        format!(
            "按在执行的计划，常规流程比所需日期早 {counted} 毫秒（约 {hours} 小时）：请照写或不写"
        ),
        format!(
            "by the plan in force the normal track is {counted} ms, about {hours} h, before it is \
             needed: write that, or nothing"
        ),
    ))
}
