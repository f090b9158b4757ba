package org.spiredoctor.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.TD;
import static org.spiredoctor.registration.Given.declared;
import static org.spiredoctor.registration.Given.present;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Change.Action;

/** Several teams register at one server, and none changes what another created. */
class OwnershipTest {
  private static final EntryOwner TEAM = new EntryOwner("team");
  private static final Ownership ADOPTING = Ownership.of(TEAM).adopting(true);

  private static Plan plan(Ownership ownership, List<Declared> declared, List<Entry> present) {
    return new Planner(declared, ownership, false).against(present);
  }

  private static Change only(Ownership ownership, Declared declared, Entry... present) {
    Plan plan = plan(ownership, List.of(declared), List.of(present));
    assertThat(plan.changes()).hasSize(1);
    return plan.changes().getFirst();
  }

  /** What a server has after a plan. */
  private static List<Entry> after(Plan plan, List<Entry> present) {
    List<Entry> now = new ArrayList<>(present);
    for (Change change : plan.changes()) {
      change.seen().filter(_ -> change.changes()).ifPresent(now::remove);
      if (change.changes() && change.action() != Action.DELETE) {
        String id = change.entry().id().isEmpty() ? "e" + (now.size() + 1) : change.entry().id();
        now.add(change.entry().named(id, change.entry().hint()));
      }
    }
    return now;
  }

  private static List<Declared> defaults(String namespace) {
    return TestEntries.of("example.org", namespace, "default");
  }

  @Test
  void twoTeamsWithTheDefaultsEachHaveTheirOwnEntries() {
    Ownership first = Ownership.of(EntryOwner.ofNamespace("team-a"));
    Ownership second = Ownership.of(EntryOwner.ofNamespace("team-b"));
    List<Entry> ofFirst = after(plan(first, defaults("team-a"), List.of()), List.of());
    Plan plan = plan(second, defaults("team-b"), ofFirst);
    assertThat(plan.changes()).extracting(Change::action).containsOnly(Action.CREATE);
    assertThat(plan.changes().getFirst().notes())
        .containsExactly(
            TD
                + "/integration-test is also granted by entry e1 to namespace team-a (owner"
                + " team-a)");
    List<Entry> both = after(plan, ofFirst);
    assertThat(both).hasSize(6).containsAll(ofFirst);
    // An agent gives a workload only one SVID of each hint.
    assertThat(both).extracting(Entry::hint).doesNotHaveDuplicates();
    for (String team : List.of("team-a", "team-b")) {
      Ownership own = Ownership.of(EntryOwner.ofNamespace(team));
      assertThat(plan(own, defaults(team), both).changes())
          .as(team)
          .extracting(Change::action)
          .containsOnly(Action.NONE);
    }
    Plan pruning = new Planner(List.of(), second, true).against(both);
    assertThat(pruning.changes())
        .hasSize(3)
        .allMatch(change -> change.entry().hint().startsWith("spire-doctor:team-b/"));
  }

  @Test
  void twoTestRunsInOneNamespaceNeverChangeEachOthersEntries() {
    EntryOwner one = EntryOwner.ofRun("apps", "tests-1");
    EntryOwner other = EntryOwner.ofRun("apps", "tests-2");
    assertThat(one).isNotEqualTo(other).isNotEqualTo(EntryOwner.ofNamespace("apps"));
    List<Declared> asOther = TestEntries.of("example.org", "apps", "other");
    List<Entry> made =
        after(
            plan(Ownership.ofRun(one, _ -> false, _ -> false), defaults("apps"), List.of()),
            List.of());
    assertThat(plan(Ownership.ofRun(other, _ -> false, _ -> false), asOther, made).changes())
        .extracting(Change::action)
        .containsOnly(Action.CREATE);
    // Not even of its own name: the pod of the run before may be alive.
    assertThat(plan(Ownership.ofRun(one, _ -> false, _ -> false), asOther, made).changes())
        .extracting(Change::action)
        .containsOnly(Action.CREATE);
    assertThat(
            plan(Ownership.ofRun(other, _ -> false, _ -> false), defaults("apps"), made).changes())
        .extracting(Change::action)
        .containsOnly(Action.NONE);
  }

  /** Agents sort a workload's identities by the ids of their entries. */
  @Test
  void whatARunCreatesForItsOwnPodComesBeforeWhatServersNumber() {
    Declared tests = declared("/web", "k8s:ns:apps", "k8s:pod-label:app:tests");
    Ownership run =
        Ownership.ofRun(
            EntryOwner.ofRun("apps", "t"),
            _ -> false,
            entry -> entry.selectors().equals(tests.entry().selectors()));
    String id = only(run, tests).entry().id();
    assertThat(id).isLessThan("00000000-0000-4000-8000-000000000000").matches("[-.0-9A-Z_a-z]+");
    // An entry may have been given other selectors, and kept its id.
    assertThat(only(run, tests).entry().id()).isNotEqualTo(id);
    // What is for pods of others too does not change which identity they get first.
    assertThat(only(run, declared("/web", "k8s:ns:apps")).entry().id()).isEmpty();
    assertThat(only(Ownership.of(TEAM), tests).entry().id()).isEmpty();
  }

  @Test
  void whatARunThatIsAliveUsesIsAConflict() {
    EntryOwner run = EntryOwner.ofRun("apps", "tests");
    Entry used =
        present("e1", run.hint(TD + "/web"), "/web", "k8s:ns:apps")
            .federatingWith(List.of("other.org"));
    Declared declared = declared("/web", "k8s:ns:apps");
    Change free = only(Ownership.ofRun(run, _ -> false, _ -> false), declared, used);
    assertThat(free.action()).isEqualTo(Action.UPDATE);
    Change taken = only(Ownership.ofRun(run, _ -> true, _ -> false), declared, used);
    assertThat(taken.action()).isEqualTo(Action.CONFLICT);
    assertThat(taken.notes().getFirst()).contains("a test run that is alive uses it");
    assertThat(taken.differences()).extracting(FieldDifference::field).contains("federatesWith");
  }

  @Test
  void whatOthersCreatedIsAConflictUntilItIsAdopted() {
    Declared declared = declared("/web", "k8s:ns:apps");
    for (String hint : List.of("", "internal", "spire-doctor:other/web", "spire-doctor:te/am")) {
      Entry theirs =
          present("e1", hint, "/web", "k8s:ns:apps").federatingWith(List.of("other.org"));
      Change conflict = only(Ownership.of(TEAM), declared, theirs);
      assertThat(conflict.action()).as(hint).isEqualTo(Action.CONFLICT);
      assertThat(conflict.changes()).isFalse();
      assertThat(conflict.notes().getFirst()).contains("entry e1", "--adopt");
      Change adopted = only(ADOPTING, declared, theirs);
      assertThat(adopted.action()).isEqualTo(Action.UPDATE);
      assertThat(adopted.entry().hint()).isEqualTo("spire-doctor:team/web");
      assertThat(adopted.notes().getFirst()).startsWith("takes over entry e1");
    }
  }

  @Test
  void adoptingMarksWhatIsAsDeclaredToo() {
    Declared declared = declared("/web", "k8s:ns:apps");
    Entry theirs = present("e1", "", "/web", "k8s:ns:apps");
    assertThat(only(Ownership.of(TEAM), declared, theirs).action()).isEqualTo(Action.NONE);
    Change adopted = only(ADOPTING, declared, theirs);
    assertThat(adopted.differences()).extracting(FieldDifference::field).containsExactly("hint");
    assertThat(only(ADOPTING, declared, adopted.entry()).action()).isEqualTo(Action.NONE);
  }

  @Test
  void theMarkWithoutAnOwnerCountsInItsOwnNamespaceOnly() {
    Entry old = present("e1", "spire-doctor/web", "/web", "k8s:ns:apps", "k8s:sa:old");
    Declared same = declared("/web", "k8s:ns:apps", "k8s:sa:new");
    Declared elsewhere = declared("/web", "k8s:ns:other", "k8s:sa:old");
    for (EntryOwner owner : List.of(EntryOwner.NOBODY, EntryOwner.ofNamespace("apps"))) {
      Change change = only(Ownership.of(owner), same, old);
      assertThat(change.action()).isEqualTo(Action.UPDATE);
      assertThat(change.entry().hint()).isEqualTo(owner.hint(TD + "/web"));
      Change beside = only(Ownership.of(owner), elsewhere, old);
      assertThat(beside.action()).isEqualTo(Action.CREATE);
      assertThat(beside.notes()).hasSize(1).first().asString().contains("namespace apps");
    }
    // Without a namespace nobody knows whose it is.
    Entry unix = present("e1", "spire-doctor/web", "/web", "unix:uid:1");
    assertThat(only(Ownership.of(TEAM), declared("/web", "unix:uid:2"), unix).action())
        .isEqualTo(Action.CREATE);
    assertThat(only(ADOPTING, declared("/web", "unix:uid:2"), unix).action())
        .isEqualTo(Action.UPDATE);
  }

  @Test
  void aDeclaredHintIsTheMarkOfItsEntry() {
    Entry entry = declared("/web", "k8s:ns:apps").entry().named("", "internal");
    Declared hinted = new Declared(entry, true, Origin.NONE);
    Entry there =
        present("e1", "internal", "/web", "k8s:ns:apps").federatingWith(List.of("other.org"));
    assertThat(only(Ownership.of(TEAM), hinted, there).action()).isEqualTo(Action.UPDATE);
    assertThat(only(Ownership.of(TEAM), hinted, there.named("e1", "")).action())
        .isEqualTo(Action.CONFLICT);
    Declared without = new Declared(entry.named("", ""), true, Origin.NONE);
    assertThat(only(Ownership.of(TEAM), without, there.named("e1", "")).action())
        .isEqualTo(Action.CONFLICT);
  }

  private static Entry admin(Entry entry) {
    return new Entry(
        entry.id(),
        entry.spiffeId(),
        entry.parentId(),
        entry.selectors(),
        entry.expiresAt(),
        entry.createdAt(),
        entry.downstream(),
        entry.storeSvid(),
        entry.hint(),
        entry.federatesWith(),
        new Entry.Settings(true, 0, 0, List.of(), false, false));
  }

  /** One admin entry makes admins of all workloads that have its SPIFFE ID. */
  @Test
  void noOtherWorkloadGetsAnAdminsSpiffeIdUnlessThatIsDeclared() {
    Entry privileged = admin(present("e1", "", "/web", "k8s:ns:platform"));
    Declared plain = declared("/web", "k8s:ns:apps");
    Change conflict = only(Ownership.of(TEAM), plain, privileged);
    assertThat(conflict.action()).isEqualTo(Action.CONFLICT);
    assertThat(conflict.notes().getFirst())
        .contains("full access to the server's API", "entry e1 is admin", "declare admin: true");
    // Not by taking it over either.
    assertThat(only(ADOPTING, plain, privileged).action()).isEqualTo(Action.CONFLICT);
    Declared said = new Declared(admin(plain.entry()), false, Origin.NONE);
    assertThat(only(Ownership.of(TEAM), said, privileged).action()).isEqualTo(Action.CREATE);
    Change reverse = only(Ownership.of(TEAM), said, present("e1", "", "/web", "k8s:ns:platform"));
    assertThat(reverse.action()).isEqualTo(Action.CREATE);
    assertThat(reverse.notes()).last().asString().contains("holds for all workloads");
  }

  @Test
  void becomingAnAdminEntryOrNoLongerIsSaid() {
    Entry ours = present("e1", TEAM.hint(TD + "/web"), "/web", "k8s:ns:apps");
    Declared plain = declared("/web", "k8s:ns:apps");
    Declared said = new Declared(admin(plain.entry()), false, Origin.NONE);
    assertThat(only(Ownership.of(TEAM), said, ours).notes().getFirst())
        .startsWith("makes it an admin entry");
    assertThat(only(Ownership.of(TEAM), plain, admin(ours)).notes().getFirst())
        .startsWith("it is no longer an admin entry");
    Plan pruning = new Planner(List.of(), Ownership.of(TEAM), true).against(List.of(admin(ours)));
    assertThat(pruning.changes().getFirst().notes())
        .containsExactly(
            "it is no longer an admin entry: its workloads lose full access to the server's API");
  }

  @Test
  void anOwnersNameFitsInAHintAndIsReadAgain() {
    String longest = "p".repeat(253);
    EntryOwner one = EntryOwner.ofRun("n".repeat(63), longest);
    assertThat(one.name()).hasSize(63).matches(EntryOwner.NAME);
    assertThat(one).isNotEqualTo(EntryOwner.ofRun("n".repeat(63), longest + "x"));
    for (EntryOwner owner :
        List.of(one, TEAM, EntryOwner.NOBODY, EntryOwner.ofRun("apps", "tests.1"))) {
      assertThat(EntryOwner.of(present("e", owner.hint(TD + "/a/b"), "/a/b"))).contains(owner);
    }
    for (String hint :
        List.of("", "internal", "spire-doctor", "spire-doctor:/x", "spire-doctor:a b/x")) {
      assertThat(EntryOwner.of(present("e", hint, "/a"))).as(hint).isEmpty();
    }
    assertThat(Ownership.namespaces(present("e", "", "/a", "k8s:ns:x", "unix:uid:1")))
        .isEqualTo(Set.of("x"));
  }
}
