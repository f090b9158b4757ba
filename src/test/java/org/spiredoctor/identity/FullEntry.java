package org.spiredoctor.identity;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An entry that has every field, for what has to carry all of them. */
public final class FullEntry {
  private FullEntry() {}

  /** Of no server yet. */
  public static Entry unnamed() {
    return new Entry(
        "",
        "spiffe://example.org/web",
        "spiffe://example.org/spire-agent",
        Set.of(Selector.k8s("ns:apps"), Selector.k8s("pod-label:app:web")),
        Optional.of(Instant.parse("2033-01-01T00:00:00Z")),
        Optional.empty(),
        true,
        true,
        "internal",
        List.of("other.org", "third.org"),
        new Entry.Settings(true, 600, 300, List.of("web.apps", "web"), true, true));
  }
}
