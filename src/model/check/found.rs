//! The issues found so far. One fault in a service's template is told once, however many tickets
//! follow the template.

use std::collections::BTreeMap;

use crate::model::issue::Issue;

/// Issues in the order in which they were found.
#[derive(Default)]
pub(super) struct Found {
    issues: Vec<Issue>,
    /// Rows of issues inside templates, by code and path.
    templates: BTreeMap<(&'static str, String), usize>,
    /// How often each row was found again.
    again: Vec<usize>,
}

impl Found {
    /// Adds `issue`, unless it is one of a template that is known already.
    pub(super) fn add(&mut self, issue: Issue) {
        if issue.path.starts_with("$.services[") {
            let next = self.issues.len();
            let row = *self.templates.entry((issue.code, issue.path.clone())).or_insert(next);
            if row < next {
                self.again[row] += 1;
                return;
            }
        }
        self.issues.push(issue);
        self.again.push(0);
    }

    /// All of them; those found more than once say how often.
    pub(super) fn finish(self) -> Vec<Issue> {
        let mut issues = self.issues;
        for (issue, again) in issues.iter_mut().zip(self.again) {
            if again > 0 {
                issue.zh.push_str(&format!("（另有 {again} 处引用同样如此）"));
                issue.en.push_str(&format!(" (and {again} more uses of it likewise)"));
            }
        }
        issues
    }
}
