//! When a ticket is done if something comes that may come, such as a similar mark that is found
//! (R075, W12): as the plan in force has it, and so many working days later.

use crate::app::service::Service;
use crate::app::service::refusal::Refusal;
use crate::calendar::{Label, Moment};
use crate::desk::clock::MINUTE;
use crate::desk::life::{Forecast, Happening};
use crate::time::{DAY, Tick};

/// The most working days that something may take.
const MOST_DAYS: u32 = 1_000;

impl Service {
    /// The finish of the plan in force, and that with so many working days on top: at the opening of
    /// the last of them.
    fn branch(&self, key: &str, days: u32) -> Result<Option<(Moment, Moment)>, Refusal> {
        let (Some(plan), Some(known)) = (self.standing.now(), self.known.now()) else {
            return Ok(None);
        };
        let Some(finish) = plan.finish(key) else { return Ok(None) };
        let zone = plan.plan.zone;
        let (tick, days) = (zone.tick_from(finish), days.min(MOST_DAYS));
        let laid = self.laid()?;
        let office = laid.as_ref().and_then(|laid| laid.desk.working.as_deref());
        let later = match office.and_then(|id| known.book.calendar(id)) {
            _ if days == 0 => Some(tick),
            Some(office) => known.book.nth_opening(office, tick, days),
            None => Some(tick + i64::from(days) * DAY),
        };
        Ok(later.map(|later| (finish, zone.moment(later))))
    }

    /// A forecast with its dates: where they follow from the plan, those it has now, and none once
    /// a plan leaves the ticket out.
    pub(super) fn forecast_now(
        &self,
        key: &str,
        forecast: &Forecast,
    ) -> Result<Option<(Moment, Moment)>, Refusal> {
        let zone = self.zone();
        let at = |at_ms: i64| zone.moment(Tick(at_ms.div_euclid(MINUTE)));
        let said = (at(forecast.earliest_ms), at(forecast.latest_ms));
        let Some(days) = forecast.may_add_days else { return Ok(Some(said)) };
        let is_planned = self.standing.now().is_some();
        Ok(self.branch(key, days)?.or((!is_planned).then_some(said)))
    }

    /// `wish`, which is a forecast, with dates that follow from the plan in force where it says how
    /// much may come on top.
    pub(super) fn forecast_counted(
        &self,
        key: &str,
        wish: Happening,
    ) -> Result<Happening, Refusal> {
        let Happening::ForecastMade { earliest_ms, latest_ms, may_add_days, reason } = wish else {
            return Ok(wish);
        };
        let Some(days) = may_add_days else {
            return Ok(Happening::ForecastMade { earliest_ms, latest_ms, may_add_days, reason });
        };
        if earliest_ms.or(latest_ms).is_some() {
            return Err(both());
        }
        let (earliest, latest) = self.branch(key, days)?.ok_or_else(no_plan)?;
        let zone = self.zone();
        let at_ms = |moment: Moment| Some(zone.tick_from(moment).0 * MINUTE);
        let (earliest_ms, latest_ms) = (at_ms(earliest), at_ms(latest));
        Ok(Happening::ForecastMade { earliest_ms, latest_ms, may_add_days, reason })
    }
}

fn both() -> Refusal {
    Refusal::Wish(Label::new(
        "写了 may_add_days 就按计划计算：请不要再写 earliest_ms、latest_ms",
        "with `may_add_days` the dates follow from the plan: leave `earliest_ms` and `latest_ms` out",
    ))
}

fn no_plan() -> Refusal {
    Refusal::Wish(Label::new(
        "在执行的计划没有排入该工单：请写明 earliest_ms、latest_ms",
        "no plan in force finishes it: state `earliest_ms` and `latest_ms`",
    ))
}
