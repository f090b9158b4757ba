package org.spiredoctor.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.ClusterScene.ALIAS;
import static org.spiredoctor.diagnosis.ClusterScene.WEB;
import static org.spiredoctor.diagnosis.ClusterScene.entry;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Remedy.EntryChange;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.EntryUpdate;
import org.spiredoctor.registration.server.EntryStore;
import org.spiredoctor.registration.server.StoreException;

/** What {@code --fix} writes, and what it leaves alone since somebody else was there. */
class EntryChangeWriterTest {
  private static final Entry LISTED =
      entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:sa:default", "k8s:pod-label:app:wep");

  /** A server in memory. */
  private static final class Store implements EntryStore {
    final List<Entry> entries = new ArrayList<>();
    int writes;

    Store(Entry... there) {
      entries.addAll(List.of(there));
    }

    @Override
    public List<Entry> entries() {
      return List.copyOf(entries);
    }

    @Override
    public List<Entry> entries(Set<String> ids) {
      return entries.stream().filter(one -> ids.contains(one.id())).toList();
    }

    @Override
    public List<Result> create(List<Entry> some) {
      writes++;
      some.forEach(one -> entries.add(one.named("new", one.hint())));
      return some.stream().map(_ -> Result.OK).toList();
    }

    @Override
    public List<Result> update(List<EntryUpdate> updates) {
      writes++;
      updates.forEach(
          one -> entries.replaceAll(e -> e.id().equals(one.meant().id()) ? one.meant() : e));
      return updates.stream().map(_ -> Result.OK).toList();
    }

    @Override
    public List<Result> delete(List<Entry> some) {
      throw new AssertionError("nothing is deleted");
    }

    @Override
    public int batch() {
      return 1;
    }

    @Override
    public void close() {}
  }

  private static EntryChange refit() {
    return (EntryChange)
        ClusterScene.healthy()
            .webEntry(LISTED)
            .report()
            .findings()
            .getFirst()
            .finding()
            .remedies()
            .getFirst();
  }

  private static EntryChange creation() {
    return (EntryChange)
        ClusterScene.healthy()
            .webEntry()
            .expecting(WEB)
            .report()
            .findings()
            .getFirst()
            .finding()
            .remedies()
            .getFirst();
  }

  private static Entry admin(Entry one) {
    return new Entry(
        one.id(),
        one.spiffeId(),
        one.parentId(),
        one.selectors(),
        one.expiresAt(),
        one.createdAt(),
        false,
        false,
        one.hint(),
        one.federatesWith(),
        new Entry.Settings(true, 0, 0, List.of(), false, false));
  }

  @Test
  void whatHasNotChangedIsUpdatedAndReadBack() throws StoreException {
    Store store = new Store(LISTED);
    EntryChangeWriter.Result result = new EntryChangeWriter(store).make(refit());
    assertThat(result.made()).isTrue();
    assertThat(result.found()).singleElement().asString().contains("is as meant");
    assertThat(store.entries.getFirst().selectors().toString()).contains("app:web");
  }

  @Test
  void whatHasChangedMeanwhileIsLeftAlone() throws StoreException {
    for (Entry now :
        List.of(
            admin(LISTED),
            LISTED.named("web", "hint"),
            LISTED.federatingWith(List.of("other.org")),
            entry("web", WEB, ALIAS, "k8s:ns:apps", "k8s:sa:other"),
            entry("web", "spiffe://example.org/other", ALIAS, "k8s:ns:apps"))) {
      Store store = new Store(now);
      EntryChangeWriter.Result result = new EntryChangeWriter(store).make(refit());
      assertThat(result.made()).as("%s", now).isFalse();
      assertThat(result.found().getFirst()).contains("have changed since they were listed");
      assertThat(store.writes).isZero();
    }
    Store store = new Store(admin(LISTED));
    assertThat(new EntryChangeWriter(store).make(refit()).found().toString())
        .contains("admin: false instead of true");
  }

  @Test
  void anEntryOfTheSameIdentityThatIsNewKeepsOneFromBeingCreated() throws StoreException {
    Store store = new Store();
    assertThat(new EntryChangeWriter(store).make(creation()).made()).isTrue();
    Store other = new Store(admin(entry("x", WEB, ALIAS, "k8s:ns:elsewhere")));
    EntryChangeWriter.Result result = new EntryChangeWriter(other).make(creation());
    assertThat(result.made()).isFalse();
    assertThat(result.found().toString()).contains("is new");
    assertThat(other.writes).isZero();
  }
}
