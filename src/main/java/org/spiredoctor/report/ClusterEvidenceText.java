package org.spiredoctor.report;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Component;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.identity.FederationRelationship;
import org.spiredoctor.identity.ServerInfo;
import org.spiredoctor.identity.TrustBundle;

/** What was looked at of a cluster, for {@code check -v}. */
public final class ClusterEvidenceText {
  private final StringBuilder out = new StringBuilder();

  private ClusterEvidenceText() {}

  /** Line by line. */
  public static String render(ClusterEvidence evidence, Style style) {
    ClusterEvidenceText text = new ClusterEvidenceText();
    text.line("seen at", evidence.at().toString());
    text.told("cluster", evidence.snapshot().cluster(), Function.identity());
    text.told("pods", evidence.pods(), pods -> String.valueOf(pods.size()));
    Stream.concat(evidence.servers().stream(), evidence.agents().stream())
        .forEach(one -> text.part(one, ""));
    evidence.aside().forEach(one -> text.part(one, "left aside, "));
    evidence.answers().forEach(text::server);
    return style.plain(text.out.append('\n').toString());
  }

  private void part(Component one, String aside) {
    line(
        one.role().name().toLowerCase(Locale.ROOT),
        one.inWords()
            + ": "
            + aside
            + one.corroboration()
                .map(why -> "corroborated: " + why)
                .orElse("not corroborated: nothing but its own manifest says that it is SPIRE"));
  }

  private void server(ServerAnswers said) {
    line("asked", "the SPIRE server, by " + said.route().inWords());
    told("  health", said.health(), Function.identity());
    told("  version", said.version(), Function.identity());
    told("  itself", said.info(), ClusterEvidenceText::words);
    told("  agents", said.agents(), all -> String.valueOf(all.size()));
    told("  entries", said.entries(), all -> String.valueOf(all.size()));
    told("  bundle", said.bundle(), ClusterEvidenceText::words);
    told("  federated", said.federated(), all -> each(all, ClusterEvidenceText::words));
    told("  federation", said.relationships(), all -> each(all, ClusterEvidenceText::words));
  }

  private static <T> String each(List<T> all, Function<T, String> words) {
    return all.isEmpty() ? "none" : all.stream().map(words).collect(Collectors.joining("; "));
  }

  private static String words(ServerInfo info) {
    return "runs for "
        + info.uptime().toSeconds()
        + " s"
        + info.svidChain().stream()
            .findFirst()
            .map(
                own ->
                    " as "
                        + own.id()
                        + own.expiresAt().map(at -> ", its SVID expires at " + at).orElse(""))
            .orElse("");
  }

  private static String words(TrustBundle bundle) {
    return bundle.trustDomain()
        + ", number "
        + bundle.sequenceNumber()
        + ": "
        + each(
            bundle.x509Authorities(),
            one ->
                one.subject()
                    + one.notAfter().map(at -> " until " + at).orElse("")
                    + (one.tainted() ? ", tainted" : ""))
        + "; keys of JWTs: "
        + each(bundle.jwtAuthorities(), one -> one.keyId() + (one.tainted() ? ", tainted" : ""));
  }

  private static String words(FederationRelationship one) {
    return one.trustDomain()
        + " from "
        + one.bundleEndpointUrl()
        + one.endpointSpiffeId().map(id -> " as " + id).orElse("");
  }

  private <T> void told(String name, Observed<T> observed, Function<T, String> words) {
    switch (observed) {
      case Seen<T>(T value) -> line(name, words.apply(value));
      case Unseen<T> unseen -> line(name, "not seen: " + unseen.why());
    }
  }

  private void line(String name, String text) {
    out.append(String.format("  %-12s ", name)).append(Untrusted.clean(text)).append('\n');
  }
}
