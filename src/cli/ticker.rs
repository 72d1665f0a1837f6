//! How far the search is: one line that rewrites itself on a terminal, or a line every so many
//! rounds where somebody asked for that. Never on the standard output.

use std::io::{self, IsTerminal};

use super::screen;
use crate::app::morning::Progress;
use crate::model::lang::Lang;
use crate::time::Money;

/// The least milliseconds between two looks of the line on a terminal.
const PAUSE: u64 = 100;

/// Shows progress.
pub(crate) struct Ticker {
    lang: Lang,
    every: Option<u32>,
    rewrites: bool,
    /// When the terminal was last written to.
    shown: Option<u64>,
}

impl Ticker {
    /// A ticker that speaks `lang`; with `every`, in lines of its own.
    pub(crate) fn new(lang: Lang, every: Option<u32>) -> Ticker {
        let rewrites = every.is_none() && io::stderr().is_terminal();
        Ticker { lang, every, rewrites, shown: None }
    }

    /// Shows `progress` if it is time to.
    pub(crate) fn show(&mut self, progress: &Progress) {
        if self.every.is_some_and(|every| progress.rounds.is_multiple_of(every)) {
            screen::tell(&format!("{}\n", self.line(progress)));
        }
        let is_due = self.shown.is_none_or(|shown| progress.milliseconds >= shown + PAUSE);
        if self.rewrites && is_due {
            screen::tell(&format!("\r{}\u{1b}[K", self.line(progress)));
            self.shown = Some(progress.milliseconds);
        }
    }

    /// Clears the line; another search may follow.
    pub(crate) fn finish(&mut self) {
        if self.shown.take().is_some() {
            screen::tell("\r\u{1b}[K");
        }
    }

    fn line(&self, progress: &Progress) -> String {
        let Progress { rounds, cost, bound, milliseconds } = *progress;
        let (cost, bound) = (Money(cost), Money(bound));
        let (seconds, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
        match self.lang {
            Lang::Zh => {
                format!("第 {rounds} 轮 · 费用 {cost} · 下界 {bound} · {seconds}.{tenths} 秒")
            }
            Lang::En => {
                format!("round {rounds} · cost {cost} · bound {bound} · {seconds}.{tenths} s")
            }
        }
    }
}
