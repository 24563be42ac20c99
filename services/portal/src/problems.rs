//! Every problem type as a page: at `/problems/{slug}` and in `docs/problems/`, from the same two tables.

use domain::{Lang, Refusal, RefusalClass};
use kit::problem::PROBLEM_KINDS;

/// What is said of one problem type.
#[derive(Clone, Copy, Debug)]
pub struct ProblemType {
    pub slug: &'static str,
    /// HTTP status.
    pub status: u16,
    title: [&'static str; 2],
    remedy: [&'static str; 2],
}

impl ProblemType {
    pub const fn title(&self, lang: Lang) -> &'static str {
        self.title[lang as usize]
    }

    pub const fn remedy(&self, lang: Lang) -> &'static str {
        self.remedy[lang as usize]
    }

    /// Its page in `docs/problems/`.
    pub fn markdown(&self) -> String {
        let sentence = |text: &str| format!("{}.", crate::words::capitalised(text.trim_end_matches('.')));
        format!(
            "# `{slug}` · {status}\n\n**{vi}**\n\n{remedy_vi}\n\n**{en}**\n\n{remedy_en}\n",
            slug = self.slug,
            status = self.status,
            vi = crate::words::capitalised(self.title(Lang::Vi)),
            remedy_vi = sentence(self.remedy(Lang::Vi)),
            en = crate::words::capitalised(self.title(Lang::En)),
            remedy_en = sentence(self.remedy(Lang::En)),
        )
    }
}

/// All of them: those of the surface, then the refusals of the domain.
pub fn problem_types() -> impl Iterator<Item = ProblemType> {
    let surface = PROBLEM_KINDS.iter().map(|kind| ProblemType {
        slug: kind.slug,
        status: kind.status,
        title: [kind.vi, kind.en],
        remedy: [kind.remedy_vi, kind.remedy_en],
    });
    let refusals = Refusal::SLUGS.iter().map(|page| ProblemType {
        slug: page.slug,
        status: match page.class {
            RefusalClass::Forbidden => 403,
            RefusalClass::Conflict => 409,
            RefusalClass::Refused => 422,
        },
        title: [page.title_vi, page.title_en],
        remedy: [page.remedy_vi, page.remedy_en],
    });
    surface.chain(refusals)
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, fs, path::PathBuf};

    use super::*;

    /// The pages are written from the tables by `SOCAI_WRITE_PROBLEMS=1 cargo test -p portal problems`.
    #[test]
    fn the_pages_in_docs_say_what_the_tables_say() {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/problems");
        let wanted: BTreeMap<String, String> =
            problem_types().map(|problem| (format!("{}.md", problem.slug), problem.markdown())).collect();
        if std::env::var_os("SOCAI_WRITE_PROBLEMS").is_some() {
            let _ = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder).unwrap();
            wanted.iter().for_each(|(name, text)| fs::write(folder.join(name), text).unwrap());
        }
        let found: BTreeMap<String, String> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap()))
            .collect();
        assert_eq!(found, wanted);
    }

    #[test]
    fn no_slug_stands_in_both_tables() {
        let slugs: Vec<_> = problem_types().map(|problem| problem.slug).collect();
        let once: std::collections::BTreeSet<_> = slugs.iter().collect();
        assert_eq!(once.len(), slugs.len());
    }
}
