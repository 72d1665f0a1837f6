//! A forecast from a log, and a simulation fitted to it. Must not know arguments.

use super::Failure;
use super::documents::{self, Text};
use crate::calendar::Label;
use crate::exchange::log;
use crate::model::forecast::Forecast;
use crate::model::simulation::Simulation;
use crate::whatif::forecast;

pub use crate::exchange::log::Columns;

/// The forecast of the `ahead` days after the last one of `text`.
///
/// # Errors
/// [`Failure::Document`] with what cannot be read; [`Failure::Wish`] where the log is too short.
pub fn forecast(text: &Text, columns: &Columns<'_>, ahead: u32) -> Result<Forecast, Failure> {
    let calls = log::read(&text.bytes, columns)
        .map_err(|issues| Failure::Document { text: text.clone(), issues })?;
    let calls: Vec<_> = calls.into_iter().map(|call| (call.day, call.minute)).collect();
    forecast::forecast(&calls, ahead).ok_or_else(|| {
        Failure::wish(
            "记录不足八周，无法预测",
            "the log spans fewer than eight weeks: too few to forecast from",
        )
    })
}

/// The simulation `text`, the arrivals of its stream `id` as `forecast` has learnt them.
///
/// # Errors
/// [`Failure::Document`]; [`Failure::Wish`] where it has no such stream.
pub fn fitted(text: &Text, id: &str, forecast: &Forecast) -> Result<Simulation, Failure> {
    let mut simulation = documents::simulation(text)?;
    let stream = simulation.streams.iter_mut().find(|stream| stream.ticket.id == id);
    let Some(stream) = stream else {
        return Err(Failure::Wish(Label::new(
            format!("模拟中没有名为“{id}”的来源"),
            format!("the simulation has no stream \"{id}\""),
        )));
    };
    forecast::fit(forecast, stream);
    Ok(simulation)
}
