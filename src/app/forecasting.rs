//! A forecast from a log, and a simulation fitted to it. Must not know arguments.

use super::Failure;
use super::documents::{self, Text};
use crate::calendar::{Label, china};
use crate::exchange::log;
use crate::model::forecast::Forecast;
use crate::model::simulation::Simulation;
use crate::whatif::callers::callers_by;
use crate::whatif::forecast;

pub use crate::exchange::log::Columns;
pub use crate::whatif::almanac::Almanac;
pub use crate::whatif::reserve::Prices;

/// Filings due on that day of the month; with the holidays of the scenario `text`, which moves due
/// dates that are days off.
///
/// # Errors
/// What is wrong with the scenario.
pub fn almanac(due: u32, text: Option<Text>) -> Result<Almanac, Failure> {
    let almanac = Almanac::due_on(due);
    let Some(text) = text else { return Ok(almanac) };
    let question = documents::question(text, |_| Ok(Vec::new()))?;
    let mut tables = vec![china()];
    tables.extend(question.scenario.holidays.iter().cloned());
    // The table that its calendars keep, the last of that name; else that of China.
    let kept = question.scenario.calendars.iter().find_map(|row| row.holidays.clone());
    let kept = kept.unwrap_or_else(|| tables[0].id.clone());
    let table = tables.iter().rev().find(|table| table.id == kept).unwrap_or(&tables[0]);
    Ok(almanac.with(table))
}

/// The forecast of the `ahead` days after the last one of `text`; how many calls to keep hands
/// free for at `prices`, and who is likely to call where a column says who called.
///
/// # Errors
/// [`Failure::Document`] with what cannot be read; [`Failure::Wish`] where the log is too short.
pub fn forecast(
    text: &Text,
    columns: &Columns<'_>,
    ahead: u32,
    prices: Option<Prices>,
    almanac: &Almanac,
) -> Result<Forecast, Failure> {
    let calls = log::read(&text.bytes, columns)
        .map_err(|issues| Failure::Document { text: text.clone(), issues })?;
    let times: Vec<_> = calls.iter().map(|call| (call.day, call.minute)).collect();
    let mut found = forecast::forecast_by(&times, ahead, almanac).ok_or_else(|| {
        Failure::wish(
            "记录不足八周，无法预测",
            "the log spans fewer than eight weeks: too few to forecast from",
        )
    })?;
    if let Some(prices) = prices {
        forecast::pre_position(&mut found, prices);
    }
    if let Some(column) = columns.who {
        let named = calls.iter().filter(|call| !call.who.is_empty());
        let named: Vec<_> = named.map(|call| (call.day, call.who.as_str())).collect();
        found.callers = callers_by(&named, ahead, column, almanac);
    }
    Ok(found)
}

/// The simulation `text`, the arrivals of its stream `id` as `forecast` has learnt them.
///
/// # Errors
/// [`Failure::Document`]; [`Failure::Wish`] where it has no such stream, or where the log carries
/// no forecast.
pub fn fitted(
    text: &Text,
    id: &str,
    forecast: &Forecast,
    almanac: &Almanac,
) -> Result<Simulation, Failure> {
    if !forecast.test.is_passed {
        return Err(Failure::wish(
            "回测未通过，不据此改写模拟",
            "the back-test failed, so no simulation is fitted to this log",
        ));
    }
    let mut simulation = documents::simulation(text)?;
    let stream = simulation.streams.iter_mut().find(|stream| stream.ticket.id == id);
    let Some(stream) = stream else {
        return Err(Failure::Wish(Label::new(
            format!("模拟中没有名为“{id}”的来源"),
            format!("the simulation has no stream \"{id}\""),
        )));
    };
    forecast::fit_by(forecast, stream, almanac);
    Ok(simulation)
}
