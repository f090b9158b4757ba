package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;
import static org.spiredoctor.report.RegistrationReports.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpacts;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.identity.PodIndex;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Given;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.server.RegistrationOutcome;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;
import org.spiredoctor.registration.server.RegistrationReport;
import org.spiredoctor.registration.server.RegistrationReport.Verdict;

/** What {@code register} tells of the pods and entries that a change concerns. */
class RegistrationImpactReportTest {
  private static final Style PLAIN = new Style(false, true, 80);

  @Test
  void whoGainsAndWhoLosesIsShown() throws IOException {
    List<Entry> present =
        List.of(
            Entry.of(Given.ALIAS, Given.SERVER, Set.of(Selector.parse("k8s_psat:cluster:demo")))
                .named("a", ""),
            present("e1", "spire-doctor:team/web", "/web", "k8s:ns:apps", "k8s:sa:old"));
    Agent agent =
        new Agent(
            Given.AGENT,
            "k8s_psat",
            Set.of(Selector.parse("k8s_psat:cluster:demo")),
            false,
            true,
            Optional.empty(),
            Optional.empty());
    List<PodIndex.Attested> pods = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      pods.add(attested("apps/web-" + (char) ('a' + i), "web", agent));
    }
    pods.add(attested("apps/old", "old", agent));
    EntryImpacts impacts =
        new EntryImpacts(
            present,
            new PodIndex(pods, _ -> true, Optional.empty()),
            List.of(agent),
            Instant.EPOCH);
    Plan plan =
        new Planner(
                List.of(declared("/web", "k8s:ns:apps", "k8s:sa:web")),
                new EntryOwner("team"),
                false)
            .against(present)
            .withImpacts(impacts, present);
    assertThat(RegistrationText.plan(plan, "", PLAIN, false))
        .contains("    Served to 1 pod now, to 12 after: +12 -1\n")
        .contains("    Gains spiffe://example.org/web: apps/web-a, apps/web-b, ", "and 2 more")
        .contains("    Loses spiffe://example.org/web: apps/old\n")
        .contains("In all, 12 pods gain and 1 pod loses an identity, of the pods that can be\n");
    RegistrationReport report =
        new RegistrationReport(
            Verdict.PLANNED,
            "example.org",
            "",
            1,
            RegistrationOutcome.planned(plan).steps(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
    JsonNode impact =
        new ObjectMapper().readTree(RegistrationJson.render(report)).at("/entries/0/impact");
    assertThat(impact.path("before").asInt()).isEqualTo(1);
    assertThat(impact.path("after").asInt()).isEqualTo(12);
    assertThat(impact.path("gains").asInt()).isEqualTo(12);
    assertThat(impact.path("gaining")).hasSize(10);
    assertThat(impact.at("/losing/0/pod").asText()).isEqualTo("apps/old");
    assertThat(schema().validate(RegistrationJson.render(report), InputFormat.JSON)).isEmpty();
  }

  @Test
  void whosePodsAreCountedIsShown() throws IOException {
    EntryImpacts impacts =
        new EntryImpacts(
            List.of(),
            new PodIndex(List.of(), _ -> true, Optional.of(Set.of("apps", "spire-system"))),
            List.of(),
            Instant.EPOCH);
    Plan plan =
        new Planner(
                List.of(declared("/all", "k8s:sa:web"), declared("/web", "k8s:ns:apps")),
                new EntryOwner("team"),
                false)
            .against(List.of())
            .withImpacts(impacts, List.of());
    assertThat(RegistrationText.plan(plan, "", PLAIN, false).replaceAll("\\s+", " "))
        .contains("+0 -0, counted in namespaces apps, spire-system only Which pods it concerns")
        .contains("of the pods that can be listed now: counted in namespaces apps, spire-system");
    RegistrationReport report =
        new RegistrationReport(
            Verdict.PLANNED,
            "example.org",
            "",
            1,
            RegistrationOutcome.planned(plan).steps(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
    String json = RegistrationJson.render(report);
    JsonNode entries = new ObjectMapper().readTree(json).path("entries");
    assertThat(entries.at("/0/impact/namespaces")).hasSize(2);
    assertThat(entries.at("/1/impact").has("namespaces")).isFalse();
    assertThat(schema().validate(json, InputFormat.JSON)).isEmpty();
  }

  private static PodIndex.Attested attested(String name, String account, Agent agent) {
    return new PodIndex.Attested(
        name,
        List.of(Set.of(Selector.k8s("ns:apps"), Selector.k8s("sa:" + account))),
        List.of(agent));
  }

  @Test
  void aConflictAndWhatWasChangedMeanwhileAreShown() throws IOException {
    Plan plan =
        new Planner(List.of(declared("/web", "k8s:ns:apps")), new EntryOwner("team"), false)
            .against(
                List.of(
                    present("e1", "spire-doctor:other/web", "/web", "k8s:ns:apps")
                        .federatingWith(List.of("other.org"))));
    assertThat(RegistrationText.plan(plan, "", PLAIN, false))
        .contains("✗ conflict  spiffe://example.org/web  entry e1\n")
        .contains("      - other.org\n", "belongs to the owner other", "--adopt", ", 1 conflict\n");
    List<Step> steps = new ArrayList<>(RegistrationOutcome.planned(plan).steps());
    assertThat(steps.getFirst().status()).isEqualTo(Status.CONFLICT);
    steps.add(
        new Step(
            plan.changes().getFirst(),
            Status.CHANGED,
            "changed meanwhile",
            List.of(new FieldDifference("admin", List.of("false"), List.of("true")))));
    RegistrationReport report =
        new RegistrationReport(
            Verdict.FAILED,
            "example.org",
            "",
            1,
            steps,
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
    assertThat(RegistrationText.result(report, PLAIN, false))
        .contains("❌ conflict", "❌ changed", "2 of 2 entries are not as declared");
    String json = RegistrationJson.render(report);
    assertThat(schema().validate(json, InputFormat.JSON)).isEmpty();
    assertThat(json).contains("\"changed-meanwhile\"", "\"meanwhile\"", "\"conflict\"");
  }
}
