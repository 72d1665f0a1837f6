//! Use cases: what a surface asks for, from documents to answers. Knows every room below and puts
//! them together; must not know arguments, terminals, exit codes or the web.

pub mod amending;
pub mod auditing;
pub mod bench;
pub mod board;
pub mod brief;
pub mod chance;
pub mod changing;
pub mod checking;
pub mod clock;
pub mod documents;
pub mod files;
pub mod forecasting;
pub mod front;
pub mod keeping;
pub mod keys;
pub mod morning;
pub mod posted;
pub mod proving;
pub mod quoting;
pub mod reasons;
pub mod service;
pub mod simulating;
pub mod sources;
pub mod tables;

pub use crate::exchange::digest;

use std::io;
use std::path::PathBuf;

use crate::calendar::Label;
use crate::model::issue::Issues;
use crate::verify::{Report, Violation};
use documents::Text;

/// Why a use case came to nothing. Surfaces decide how it looks and which code it gets.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Documents that belong together cannot be used.
    #[error("{} documents are wrong", .0.len())]
    Documents(Vec<(Text, Issues)>),
    /// A document cannot be used.
    #[error("{} is wrong in {} places", .text.name, .issues.len())]
    Document {
        /// The document.
        text: Text,
        /// All that is wrong with it.
        issues: Issues,
    },
    /// Plans hold rows that cannot be read beside this scenario.
    #[error("{} plans cannot be read", .0.len())]
    Unread(Vec<Unread>),
    /// What was asked for makes no sense with these documents.
    #[error("{}", .0.en)]
    Wish(Label),
    /// An input cannot be read.
    #[error("cannot read {}", .path.display())]
    Unreadable {
        /// Where it should be.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No plan keeps all the rules.
    #[error("{}", .0.en)]
    Refused(Label),
    /// The plan made breaks rules: a fault of this program, told instead of handed out.
    #[error("the plan made breaks rules in {} places", .0.violations.len())]
    Unsound(Box<Report>),
    /// Something else outside failed.
    #[error("{}", .0.en)]
    Outside(Label),
    /// An output cannot be written.
    #[error("cannot write {}", .path.display())]
    Unwritable {
        /// Where it should be.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A plan with what cannot be read in it.
#[derive(Debug)]
pub struct Unread {
    /// Where it lies.
    pub path: PathBuf,
    /// Every fault of its rows.
    pub faults: Vec<Violation>,
}

impl Failure {
    /// A [`Failure::Wish`], said in both languages.
    #[must_use]
    pub fn wish(zh: impl Into<String>, en: impl Into<String>) -> Failure {
        Failure::Wish(Label { zh: zh.into(), en: en.into() })
    }
}
