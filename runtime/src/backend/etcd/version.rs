//! What versions of etcd can be relied on for.

/// A version of etcd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version {
    major: u32,
    minor: u32,
    patch: u32,
}

impl Version {
    /// Reads `3.5.8`, or `3.6.0-rc.1`, which is taken for the release.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let release = text.split(['-', '+']).next()?;
        let mut numbers = release.split('.').map(str::parse);
        let mut number = || numbers.next()?.ok();
        Some(Self { major: number()?, minor: number()?, patch: number()? })
    }

    /// Whether the answer to a request for progress comes behind the events that it speaks for. Before 3.4.25 and
    /// 3.5.8 it could overtake them.
    pub(super) fn tells_progress(self) -> bool {
        match (self.major, self.minor) {
            (3, 4) => self.patch >= 25,
            (3, 5) => self.patch >= 8,
            version => version >= (3, 6),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_is_told_from_these_versions_on() {
        for (version, tells) in [
            ("3.3.27", false),
            ("3.4.23", false),
            ("3.4.24", false),
            ("3.4.25", true),
            ("3.5.0", false),
            ("3.5.7", false),
            ("3.5.8", true),
            ("3.5.16", true),
            ("3.6.0-rc.1", true),
            ("3.6.5", true),
            ("3.10.0", true),
            ("4.0.0", true),
        ] {
            assert_eq!(Version::parse(version).map(Version::tells_progress), Some(tells), "{version}");
        }
        for text in ["", "3", "3.5", "v3.5.8", "3.x.1"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
