//! Figures the firm measures itself by, and from when on it believes what it has learned.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of the industry's time an urgent service takes (R096). The source can be read two
/// ways, so the reading is data: 压缩至60% cuts *to* 60 %, 压缩60% cuts *by* 60 %.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compression {
    /// Thousandths.
    #[schemars(range(min = 0, max = 1000))]
    pub permille: u16,
    /// How that is read.
    pub reading: Reading,
}

/// The two readings of a compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// That much is left.
    To,
    /// That much is saved.
    By,
}

impl Compression {
    /// Thousandths of the industry's time that are left.
    #[must_use]
    pub fn left_permille(self) -> u16 {
        match self.reading {
            Reading::To => self.permille,
            Reading::By => 1000_u16.saturating_sub(self.permille),
        }
    }
}

/// How long a service takes others (R096).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Benchmark {
    /// The service.
    pub service: String,
    /// Minutes from order to signature, on average.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub industry_minutes: u32,
    /// Where the figure is from.
    pub source: crate::calendar::Label,
}

/// When step minutes learned from what was done take the place of the catalogue's (R062).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// From so many measured steps on.
    #[schemars(range(min = 3, max = 10_000))]
    pub least_count: u32,
    /// And only when half of them lie so close together: distance of the quartiles, in thousandths
    /// of the median.
    #[schemars(range(min = 0, max = 10_000))]
    pub most_spread_permille: u32,
}
