//! How far a simulation is, and how long it may still take: one line that rewrites itself on a
//! terminal, elsewhere a line now and then. Never on the standard output.

use std::io::{self, IsTerminal};

use super::screen;
use crate::app::simulating::Stage;
use crate::model::lang::Lang;

/// Milliseconds between two lines where none is rewritten.
const PAUSE: u64 = 10_000;

/// Shows how far it is.
pub(crate) struct Bar {
    lang: Lang,
    rewrites: bool,
    is_shown: bool,
    /// When the last line was told, in milliseconds of its stage.
    told: u64,
}

impl Bar {
    /// A bar that speaks `lang`.
    pub(crate) fn new(lang: Lang) -> Bar {
        Bar { lang, rewrites: io::stderr().is_terminal(), is_shown: false, told: 0 }
    }

    /// Shows `stage` if it is time to.
    pub(crate) fn show(&mut self, stage: Stage) {
        if self.rewrites {
            screen::tell(&format!("\r{}\u{1b}[K", self.line(stage)));
            self.is_shown = true;
        } else if self.is_due(stage.milliseconds) {
            screen::tell(&format!("{}\n", self.line(stage)));
        }
    }

    /// Clears the line.
    pub(crate) fn finish(&mut self) {
        if std::mem::take(&mut self.is_shown) {
            screen::tell("\r\u{1b}[K");
        }
    }

    /// Whether a line is due after so many milliseconds of a stage, which begin anew with each.
    fn is_due(&mut self, milliseconds: u64) -> bool {
        self.told = self.told.min(milliseconds);
        let is_due = milliseconds >= self.told + PAUSE;
        if is_due {
            self.told = milliseconds;
        }
        is_due
    }

    fn line(&self, stage: Stage) -> String {
        let Stage { done, most, milliseconds } = stage;
        let filled = (done * 20 / most.max(1)) as usize;
        let bar: String = (0..20).map(|row| if row < filled { '█' } else { '░' }).collect();
        let left = u64::from(most - done.min(most)) * milliseconds / u64::from(done.max(1)) / 1000;
        let rest = match (done, self.lang) {
            (0, _) => String::new(),
            (_, Lang::Zh) => format!("，约剩 {left} 秒"),
            (_, Lang::En) => format!(", about {left} s left"),
        };
        self.lang.of(
            format!("{bar} 第 {done}/{most} 次{rest}"),
            format!("{bar} replication {done} of {most}{rest}"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Bar, Lang};

    /// A line every ten seconds, and those of another stage from its own beginning on.
    #[test]
    fn where_nothing_is_rewritten_a_line_comes_now_and_then() {
        let mut bar = Bar { rewrites: false, ..Bar::new(Lang::En) };
        let due: Vec<u64> = [0, 4_000, 11_000, 15_000, 21_500, 3_000, 12_000, 13_500]
            .into_iter()
            .filter(|at| bar.is_due(*at))
            .collect();
        assert_eq!(due, [11_000, 21_500, 13_500]);
    }
}
