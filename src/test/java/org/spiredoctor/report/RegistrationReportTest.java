package org.spiredoctor.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryImpacts;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.identity.PodIndex;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Declared;
import org.spiredoctor.registration.FieldDifference;
import org.spiredoctor.registration.Given;
import org.spiredoctor.registration.Origin;
import org.spiredoctor.registration.Plan;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.Problem;
import org.spiredoctor.registration.server.RegistrationOutcome;
import org.spiredoctor.registration.server.RegistrationOutcome.Status;
import org.spiredoctor.registration.server.RegistrationOutcome.Step;
import org.spiredoctor.registration.server.RegistrationReport;
import org.spiredoctor.registration.server.RegistrationReport.Verdict;

/** What {@code register} tells, in its forms. */
class RegistrationReportTest {
  private static final Style PLAIN = new Style(false, true, 80);

  private static final Plan PLAN =
      new Planner(
              List.of(
                  declared("/web", "k8s:ns:apps", "k8s:sa:web"),
                  declared("/api", "k8s:ns:apps"),
                  declared("/db", "k8s:ns:db\u001b[2J")),
              EntryOwner.NOBODY,
              true)
          .against(
              List.of(
                  present("e1", "spire-doctor/web", "/web", "k8s:ns:apps", "k8s:sa:old"),
                  present("e2", "", "/api", "k8s:ns:apps"),
                  present("e3", "", "/db", "k8s:ns:other"),
                  present("e4", "spire-doctor/gone", "/gone", "k8s:ns:gone")));

  /** A step of every status. */
  private static RegistrationReport report() {
    List<Status> statuses = List.of(Status.PLANNED, Status.FAILED, Status.DONE, Status.NOT_DONE);
    List<Step> steps = new ArrayList<>();
    for (Change change : PLAN.changes()) {
      Status status = statuses.get(steps.size());
      steps.add(new Step(change, status, status == Status.FAILED ? "bad\u001b[31m words" : ""));
    }
    steps.add(new Step(PLAN.changes().getFirst(), Status.UNKNOWN, "sent, and not answered"));
    return new RegistrationReport(
        Verdict.FAILED,
        "example.org",
        "SPIRE server of example.org",
        2,
        steps,
        List.of(present("e5", "spire-doctor/left", "/left", "k8s:ns:x")),
        List.of(new Problem(new Origin("web.yaml", 3), "parentID", "leads nowhere")),
        Optional.of("connection reset"),
        List.of("kubectl exec x"));
  }

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(
            Files.readString(Path.of("docs/registration-report.schema.json")), InputFormat.JSON);
  }

  @Test
  void theJsonIsAsItsSchemaSays() throws IOException {
    Schema schema = schema();
    String json = RegistrationJson.render(report());
    assertThat(schema.validate(json, InputFormat.JSON)).isEmpty();
    assertThat(json).contains("\"not-done\"", "\"unknown\"").doesNotContain("\\u001B");
    assertThat(schema.validate(json.replace("\"failed\"", "\"fine\""), InputFormat.JSON))
        .isNotEmpty();
  }

  @Test
  void thePlanShowsEachChangeAndNothingElse() {
    assertThat(RegistrationText.plan(PLAN, "SPIRE server of example.org", PLAIN, false))
        .isEqualTo(
            """
            SPIRE server of example.org

            + create  spiffe://example.org/db
                parent        spiffe://example.org/spire-agent
                selector      k8s:ns:db?[2J
                hint          spire-doctor/db
                ! spiffe://example.org/db is also granted by entry e3 to namespace other

            ~ update  spiffe://example.org/web  entry e1
                selectors
                  - k8s:sa:old
                  + k8s:sa:web

            - delete  spiffe://example.org/gone  entry e4
                parent        spiffe://example.org/spire-agent
                selector      k8s:ns:gone
                hint          spire-doctor/gone

            Which pods gain or lose an identity is unknown: no pods could be listed.

            Plan: 1 to create, 1 to update, 1 to delete, 1 as declared
            """);
  }

  @Test
  void theResultTellsWhatIsDoneAndWhatIsNot() {
    String text = RegistrationText.result(report(), PLAIN, false);
    assertThat(text)
        .contains("- planned      SPIFFE ID: spiffe://example.org/web\n")
        .contains("               Entry ID:  e1\n")
        .contains("❌ failed      SPIFFE ID: spiffe://example.org/api\n")
        .contains("    bad?[31m words\n")
        .contains("✅ created     SPIFFE ID: spiffe://example.org/db\n")
        .contains("- not done     SPIFFE ID: spiffe://example.org/gone\n")
        .contains("? not known    SPIFFE ID: spiffe://example.org/web\n")
        .contains("✗ connection reset\n")
        .endsWith("❌ 4 of 5 entries are not as declared; running it again goes on from here\n");
    assertThat(RegistrationText.result(report(), new Style(false, false, 80), false))
        .matches("\\p{ASCII}*");
  }

  @Test
  void whatIsNotWellIsNotGreenThoughAllIsMade() {
    Plan done =
        new Planner(List.of(declared("/api", "k8s:ns:apps")), EntryOwner.NOBODY, false)
            .against(List.of(present("e2", "", "/api", "k8s:ns:apps")));
    RegistrationReport late =
        new RegistrationReport(
            Verdict.FAILED,
            "example.org",
            "",
            1,
            RegistrationOutcome.asItIs(done).steps(),
            List.of(),
            List.of(),
            Optional.of("pod apps/web would not be served"),
            List.of());
    assertThat(RegistrationText.result(late, PLAIN, false))
        .contains("✗ pod apps/web would not be served")
        .endsWith("❌ The entries are made, and not all is well: see above\n")
        .doesNotContain("verified/created");
  }

  @Test
  void muchIsCutShortUnlessItIsAskedFor() {
    List<Declared> many =
        IntStream.range(0, 1000).mapToObj(i -> declared("/w" + i, "k8s:sa:w" + i)).toList();
    Plan plan = new Planner(many, EntryOwner.NOBODY, false).against(List.of());
    assertThat(RegistrationText.plan(plan, "", PLAIN, false))
        .contains("… and 980 more (-v or -o json shows all)")
        .doesNotContain("/w20\n");
    assertThat(RegistrationText.plan(plan, "", PLAIN, true)).contains("/w999\n");
    RegistrationReport done =
        new RegistrationReport(
            Verdict.DONE,
            "example.org",
            "",
            1,
            RegistrationOutcome.asItIs(plan).steps(),
            List.of(),
            List.of(),
            Optional.empty(),
            List.of());
    assertThat(RegistrationText.result(done, PLAIN, false).lines().count()).isLessThan(60);
  }

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
