//! Files that change a scenario before it is checked, and which issues are theirs.

use super::documents::Text;
use crate::exchange::json;
use crate::model::issue::{Issue, Issues};

/// What a file put into a scenario.
#[derive(Clone, Debug)]
pub struct Amendment {
    /// The file.
    pub text: Text,
    /// Paths of the scenario, and the paths of this file their values come from.
    pub origins: Vec<(String, String)>,
    /// What is wrong with it already, by its own paths.
    pub issues: Issues,
}

impl Amendment {
    /// The path in this file of what stands at `path` in the scenario, if it comes from here.
    fn own_path(&self, path: &str) -> Option<String> {
        self.origins.iter().find_map(|(place, origin)| {
            let rest = path.strip_prefix(place.as_str())?;
            let is_inside = rest.is_empty() || rest.starts_with(['.', '[']);
            is_inside.then(|| format!("{origin}{rest}"))
        })
    }
}

/// `issues` of an amended scenario by the text they stand in: the scenario's own first, then those
/// of each amendment, all with their lines. Texts without issues are left out.
pub(super) fn sorted(
    text: &Text,
    amendments: Vec<Amendment>,
    issues: Issues,
) -> Vec<(Text, Issues)> {
    let mut own = Vec::new();
    let mut theirs: Vec<Issues> = Vec::new();
    let mut amendments = amendments;
    for amendment in &mut amendments {
        theirs.push(std::mem::take(&mut amendment.issues));
    }
    for issue in issues {
        let found = amendments
            .iter()
            .enumerate()
            .find_map(|(row, amendment)| Some((row, amendment.own_path(&issue.path)?)));
        match found {
            Some((row, path)) => theirs[row].push(Issue { path, ..issue }),
            None => own.push(issue),
        }
    }
    let texts = amendments.into_iter().map(|amendment| amendment.text);
    let mut all = vec![(text.clone(), own)];
    all.extend(texts.zip(theirs));
    all.retain(|(_, issues)| !issues.is_empty());
    for (text, issues) in &mut all {
        json::place_all(&text.bytes, issues);
    }
    all
}
