package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.spiredoctor.diagnosis.Report.Verdict;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Reason;
import org.spiredoctor.evidence.cluster.Observed.Unseen;
import org.spiredoctor.evidence.cluster.Snapshot;
import org.spiredoctor.evidence.cluster.Snapshot.ServerAnswers;
import org.spiredoctor.kube.Kind;

/** A healthy cluster of which one thing after the other is not seen: it is never called healthy. */
class UnknownIsNeverGreenTest {
  /** What came back, and how it is understood. */
  private static final Map<String, Reason> FAILURES =
      Map.of(
          "403 forbidden",
          Reason.FORBIDDEN,
          "500 Internal Server Error",
          Reason.FAILED,
          "429 Too Many Requests",
          Reason.FAILED,
          "no answer in 15 s",
          Reason.FAILED,
          "the answer broke off: Connection reset",
          Reason.FAILED,
          "malformed JSON",
          Reason.FAILED);

  /** Shown only: servers before 1.15 cannot tell the second, and no rule needs them. */
  private static final Set<String> EXTRAS = Set.of("answer version", "answer info");

  /** Kinds of spire-controller-manager, which need not be there. */
  private static final Set<Kind> OPTIONAL =
      Set.of(Kind.CLUSTER_SPIFFE_ID, Kind.CLUSTER_STATIC_ENTRY);

  private static ClusterEvidence healthy() {
    return ClusterScene.healthy()
        .controllerManager("entryIDPrefix: scm\n")
        .agentLog("time=\"2026-01-02T03:00:00Z\" level=info msg=\"Starting agent\"\n")
        .serverLog("time=\"2026-01-02T03:00:00Z\" level=info msg=\"Starting server\"\n")
        .controllerLog("2026-01-02T03:00:00Z INFO starting manager\n")
        .allowed("spire-agent", "get", "", "nodes/proxy")
        .allowed("spire-agent", "get", "", "nodes/pods")
        .allowed("spire-server", "create", "authentication.k8s.io", "tokenreviews")
        .allowed("spire-server", "get", "", "pods")
        .allowed("spire-server", "get", "", "nodes")
        .evidence();
  }

  /** One observation that can fail. */
  record Observation(String name, Breaking breaking) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** A snapshot in which an observation is unseen. */
  interface Breaking {
    Snapshot in(Snapshot whole, Unseen<?> unseen);
  }

  static Stream<Observation> observations() {
    Snapshot whole = healthy().snapshot();
    Stream<Observation> kinds =
        Stream.of(Kind.values())
            .filter(kind -> kind != Kind.CONFIG_MAP)
            .map(
                kind ->
                    new Observation(
                        "list " + kind.plural(),
                        (s, unseen) ->
                            with(s, instead(s.objects(), kind, unseen.as()), s.servers())));
    Stream<Observation> configMaps =
        whole.configMaps().keySet().stream()
            .map(
                name ->
                    new Observation(
                        "config map " + name.name(),
                        (s, unseen) ->
                            new Snapshot(
                                s.at(),
                                s.cluster(),
                                s.objects(),
                                instead(s.configMaps(), name, unseen.as()),
                                s.logs(),
                                s.servers(),
                                s.access())));
    Stream<Observation> logs =
        whole.logs().keySet().stream()
            .map(
                of ->
                    new Observation(
                        "log of " + of.container(),
                        (s, unseen) ->
                            new Snapshot(
                                s.at(),
                                s.cluster(),
                                s.objects(),
                                s.configMaps(),
                                instead(s.logs(), of, unseen.as()),
                                s.servers(),
                                s.access())));
    Stream<Observation> access =
        whole.access().keySet().stream()
            .map(
                right ->
                    new Observation(
                        "access " + right.inWords(),
                        (s, unseen) ->
                            new Snapshot(
                                s.at(),
                                s.cluster(),
                                s.objects(),
                                s.configMaps(),
                                s.logs(),
                                s.servers(),
                                instead(s.access(), right, unseen.as()))));
    return Stream.of(kinds, configMaps, logs, access, answers()).flatMap(all -> all);
  }

  private static Stream<Observation> answers() {
    return Stream.of(
            "health",
            "agents",
            "entries",
            "bundle",
            "federated",
            "relationships",
            "version",
            "info")
        .map(
            part ->
                new Observation(
                    "answer " + part,
                    (s, unseen) -> answers(s, said -> without(said, part, unseen))));
  }

  private static Snapshot answers(Snapshot s, UnaryOperator<ServerAnswers> change) {
    Map<Snapshot.Name, ServerAnswers> servers = new LinkedHashMap<>();
    s.servers().forEach((name, said) -> servers.put(name, change.apply(said)));
    return with(s, s.objects(), servers);
  }

  private static ServerAnswers without(ServerAnswers said, String part, Unseen<?> unseen) {
    return new ServerAnswers(
        said.route(),
        part.equals("health") ? unseen.as() : said.health(),
        part.equals("agents") ? unseen.as() : said.agents(),
        part.equals("entries") ? unseen.as() : said.entries(),
        part.equals("bundle") ? unseen.as() : said.bundle(),
        part.equals("federated") ? unseen.as() : said.federated(),
        part.equals("relationships") ? unseen.as() : said.relationships(),
        part.equals("version") ? unseen.as() : said.version(),
        part.equals("info") ? unseen.as() : said.info());
  }

  private static Snapshot with(
      Snapshot s,
      Map<Kind, Observed<List<com.fasterxml.jackson.databind.JsonNode>>> objects,
      Map<Snapshot.Name, ServerAnswers> servers) {
    return new Snapshot(
        s.at(), s.cluster(), objects, s.configMaps(), s.logs(), servers, s.access());
  }

  private static <K, T> Map<K, Observed<T>> instead(
      Map<K, Observed<T>> all, K key, Observed<T> unseen) {
    Map<K, Observed<T>> changed = new LinkedHashMap<>(all);
    changed.put(key, unseen);
    return changed;
  }

  private static Report report(Snapshot snapshot) {
    return Diagnosis.examine(
        new ClusterCase(ClusterEvidence.of(snapshot, healthy().query())), Rules.all());
  }

  @Test
  void itIsHealthyWhenAllIsSeen() {
    Report report = report(healthy().snapshot());
    assertThat(report.unknown()).isEmpty();
    assertThat(report.findings()).isEmpty();
    assertThat(report.verdict()).isEqualTo(Verdict.HEALTHY);
  }

  @ParameterizedTest
  @MethodSource("observations")
  void noObservationMayFailInSilence(Observation one) {
    FAILURES.forEach(
        (why, reason) -> {
          Report report =
              report(
                  one.breaking()
                      .in(healthy().snapshot(), new Unseen<>(reason, "ask for " + one, why)));
          if (EXTRAS.contains(one.name())) {
            assertThat(report.verdict()).as("%s: %s", one, why).isEqualTo(Verdict.HEALTHY);
            return;
          }
          assertThat(report.verdict()).as("%s: %s", one, why).isNotEqualTo(Verdict.HEALTHY);
          if (reason == Reason.FAILED && report.verdict() == Verdict.UNKNOWN) {
            assertThat(report.unknown())
                .as("it is named: %s", one)
                .anySatisfy(
                    unknown -> assertThat(unknown.missing()).contains("ask for " + one, why));
          }
        });
  }

  @ParameterizedTest
  @MethodSource("observations")
  void whatIsMissingIsOnlyFineWhereItIsOptional(Observation one) {
    Report report =
        report(
            one.breaking()
                .in(healthy().snapshot(), new Unseen<>(Reason.ABSENT, "ask for " + one, "404")));
    boolean optional =
        OPTIONAL.stream().anyMatch(kind -> one.name().equals("list " + kind.plural()))
            // A container that has not run has no log, and the API server answers every review.
            || one.name().startsWith("log of ")
            || one.name().startsWith("access ")
            || EXTRAS.contains(one.name());
    if (optional) {
      assertThat(report.verdict()).as("%s", one).isEqualTo(Verdict.HEALTHY);
    } else {
      assertThat(report.verdict()).as("%s", one).isNotEqualTo(Verdict.HEALTHY);
    }
  }
}
