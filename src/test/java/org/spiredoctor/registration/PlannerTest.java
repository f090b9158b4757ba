package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.TD;
import static org.spiredoctor.registration.Given.alias;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Change.Action;

class PlannerTest {
  private static final EntryOwner MINE = new EntryOwner("mine");
  private static final String OURS = "spire-doctor:mine/web";

  private static Plan plan(List<Declared> declared, Entry... present) {
    return new Planner(declared, MINE, false).against(List.of(present));
  }

  private static Plan pruning(List<Declared> declared, Entry... present) {
    return new Planner(declared, MINE, true).against(List.of(present));
  }

  private static Change only(Plan plan) {
    assertThat(plan.changes()).hasSize(1);
    return plan.changes().getFirst();
  }

  @Test
  void whatIsNotThereIsMadeWithOurHint() {
    Change change = only(plan(List.of(declared("/web", "k8s:ns:apps"))));
    assertThat(change.action()).isEqualTo(Action.CREATE);
    assertThat(change.entry().hint()).isEqualTo(OURS);
    assertThat(change.origin().inWords()).isEqualTo("web.yaml:3");
  }

  @Test
  void whatIsThereStaysWhoeverMadeIt() {
    for (String hint : List.of("", OURS, "internal")) {
      Change change =
          only(
              plan(
                  List.of(declared("/web", "k8s:ns:apps", "k8s:sa:web")),
                  present("e1", hint, "/web", "k8s:sa:web", "k8s:ns:apps")));
      assertThat(change.action()).as(hint).isEqualTo(Action.NONE);
      assertThat(change.entry().id()).isEqualTo("e1");
      assertThat(change.entry().hint()).isEqualTo(hint);
    }
  }

  @Test
  void ourEntryWithStaleSelectorsIsChangedInPlace() {
    Change change =
        only(
            plan(
                List.of(declared("/web", "k8s:ns:apps", "k8s:sa:web")),
                present("e1", OURS, "/web", "k8s:ns:apps", "k8s:sa:default")));
    assertThat(change.action()).isEqualTo(Action.UPDATE);
    assertThat(change.entry().id()).isEqualTo("e1");
    assertThat(change.differences())
        .containsExactly(
            new FieldDifference("selectors", List.of("k8s:sa:default"), List.of("k8s:sa:web")));
  }

  @Test
  void anothersEntryOfTheSameIdIsLeftAloneAndTold() {
    Entry theirs = present("e1", "", "/web", "k8s:ns:apps", "k8s:sa:default");
    Change change = only(plan(List.of(declared("/web", "k8s:ns:apps")), theirs));
    assertThat(change.action()).isEqualTo(Action.CREATE);
    assertThat(change.others()).containsExactly(theirs);
    assertThat(pruning(List.of(declared("/web", "k8s:ns:apps")), theirs).changes()).hasSize(1);
    Entry ofOtherOwner = theirs.named("e1", "spire-doctor:team/web");
    assertThat(only(plan(List.of(declared("/web", "k8s:ns:apps")), ofOtherOwner)).action())
        .isEqualTo(Action.CREATE);
  }

  @Test
  void whatFitsIsNotChangedForAnother() {
    Plan plan =
        plan(
            List.of(declared("/web", "k8s:ns:new"), declared("/web", "k8s:ns:apps")),
            present("e1", OURS, "/web", "k8s:ns:apps"));
    assertThat(plan.changes())
        .extracting(Change::action)
        .containsExactly(Action.CREATE, Action.NONE);
  }

  @Test
  void theStaleEntryThatIsNearestIsTaken() {
    Plan plan =
        plan(
            List.of(declared("/web", "k8s:ns:apps", "k8s:sa:web", "k8s:pod-label:app:web")),
            present("far", OURS, "/web", "k8s:ns:old"),
            present("near", OURS, "/web", "k8s:ns:apps", "k8s:sa:web"));
    assertThat(only(plan).entry().id()).isEqualTo("near");
    assertThat(plan.leftOver()).extracting(Entry::id).containsExactly("far");
  }

  @Test
  void eachStaleEntryIsTakenOnce() {
    Plan plan =
        plan(
            List.of(declared("/web", "k8s:ns:a"), declared("/web", "k8s:ns:b")),
            present("e1", OURS, "/web", "k8s:ns:old"));
    assertThat(plan.changes())
        .extracting(Change::action)
        .containsExactly(Action.UPDATE, Action.CREATE);
  }

  @Test
  void everyFieldCounts() {
    Entry wanted =
        new Entry(
            "",
            TD + "/web",
            Given.ALIAS,
            Given.selectors("k8s:ns:apps"),
            Optional.of(Instant.parse("2030-01-01T00:00:00Z")),
            Optional.empty(),
            true,
            true,
            "internal",
            List.of("b.org", "a.org"),
            new Entry.Settings(true, 600, 300, List.of("b", "a"), true, true));
    Declared one = new Declared(wanted, true, Origin.NONE);
    Change change = only(plan(List.of(one), present("e1", OURS, "/web", "k8s:ns:apps")));
    assertThat(change.action()).isEqualTo(Action.UPDATE);
    assertThat(change.differences())
        .extracting(FieldDifference::field)
        .containsExactlyInAnyOrder(
            "x509SVIDTTL",
            "jwtSVIDTTL",
            "federatesWith",
            "dnsNames",
            "admin",
            "downstream",
            "storeSVID",
            "expiresAt",
            "jwtSVIDIncludeJTI",
            "disableX509SVIDPrefetch",
            "hint");
    // Made so, it is as declared: the order of domains is none, that of names is one.
    Entry made = change.entry().federatingWith(List.of("a.org", "b.org"));
    assertThat(only(plan(List.of(one), made)).action()).isEqualTo(Action.NONE);
  }

  @Test
  void pruneTakesOursThatAreDeclaredNoLongerAndNothingElse() {
    List<Declared> declared = List.of(declared("/web", "k8s:ns:apps"));
    Entry[] present = {
      present("e1", OURS, "/web", "k8s:ns:apps"),
      present("e2", "spire-doctor:mine/gone", "/gone", "k8s:ns:apps"),
      present("e3", "", "/theirs", "k8s:ns:apps"),
      present("e4", "spire-doctor:team/x", "/x", "k8s:ns:apps"),
      present("e5", "spire-doctor-like", "/y", "k8s:ns:apps")
    };
    assertThat(plan(declared, present).leftOver()).extracting(Entry::id).containsExactly("e2");
    Plan pruning = pruning(declared, present);
    assertThat(pruning.leftOver()).isEmpty();
    assertThat(pruning.of(Action.DELETE).map(c -> c.entry().id())).containsExactly("e2");
    assertThat(pruning.changes().getLast().action()).isEqualTo(Action.DELETE);
  }

  @Test
  void pruneLeavesTheAliasesThatAreNeeded() {
    Entry alias = alias("a", "k8s_psat:cluster:demo").named("a", "spire-doctor:mine/spire-agent");
    Plan plan = pruning(List.of(declared("/web", "k8s:ns:apps")), alias);
    assertThat(plan.of(Action.DELETE)).isEmpty();
  }

  @Test
  void pruneLeavesTheAliasesThatOthersHangOn() {
    Entry alias = alias("a", "k8s_psat:cluster:demo").named("a", "spire-doctor:mine/spire-agent");
    Entry theirs = present("t", "", "/theirs", "k8s:ns:theirs");
    Entry ours = present("o", "spire-doctor:mine/ours", "/ours", "k8s:ns:ours");
    assertThat(pruning(List.of(), alias, theirs, ours).of(Action.DELETE).map(c -> c.entry().id()))
        .containsExactly("o");
    assertThat(pruning(List.of(), alias, ours).of(Action.DELETE).map(c -> c.entry().id()))
        .containsExactly("a", "o");
  }

  @Test
  void anEntryOfAnotherParentOrOfNodesIsNotTakenOver() {
    Declared elsewhere = Given.under(TD + "/cluster/b", "/web", "k8s:ns:apps");
    assertThat(only(plan(List.of(elsewhere), present("e1", OURS, "/web", "k8s:ns:apps"))).action())
        .isEqualTo(Action.CREATE);
    Entry ofOther = alias("a", "k8s_psat:cluster:a").named("a", "spire-doctor:mine/spire-agent");
    Declared alias =
        new Declared(
            Entry.of(Given.ALIAS, Given.SERVER, Given.selectors("k8s_psat:cluster:b")),
            false,
            Origin.NONE);
    assertThat(only(plan(List.of(alias), ofOther)).action()).isEqualTo(Action.CREATE);
  }

  @Test
  void onceMadeThereIsNothingToDo() {
    List<Declared> declared =
        List.of(
            declared("/web", "k8s:ns:apps"),
            declared("/web", "k8s:ns:other"),
            declared("/api", "k8s:ns:apps"));
    List<Entry> made = new ArrayList<>();
    for (Change change : plan(declared).changes()) {
      made.add(change.entry().named("e" + made.size(), change.entry().hint()));
    }
    assertThat(new Planner(declared, MINE, true).against(made).isDone()).isTrue();
  }

  @Test
  void hintsAreOneForEachId() {
    EntryOwner team = new EntryOwner("team");
    assertThat(team.hint(TD + "/a/b")).isEqualTo("spire-doctor:team/a/b");
    String tail = "x".repeat(2000);
    String hint = team.hint(TD + "/" + tail);
    assertThat(hint).hasSizeLessThan(1024).isNotEqualTo(team.hint(TD + "/" + tail + "y"));
    assertThat(team.made(present("e", hint, "/a"))).isTrue();
    assertThat(MINE.made(present("e", hint, "/a"))).isFalse();
  }
}
