package org.spiredoctor.registration.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.registration.Given.declared;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.spiredoctor.identity.EntryOwner;
import org.spiredoctor.registration.Change;
import org.spiredoctor.registration.Planner;
import org.spiredoctor.registration.server.EntryStore.Result;

@Timeout(20)
class BatchesTest {
  private static final List<Change> FIVE =
      new Planner(
              IntStream.rangeClosed(1, 5)
                  .mapToObj(i -> declared("/w" + i, "k8s:sa:w" + i))
                  .toList(),
              new EntryOwner("mine"),
              false)
          .against(List.of())
          .changes();

  /** Notes what it is told, each batch by its first change. */
  private static class Noting implements Batches.Sender {
    final List<String> told = Collections.synchronizedList(new ArrayList<>());

    static int number(List<Change> batch) {
      return FIVE.indexOf(batch.getFirst());
    }

    @Override
    public void begun(List<Change> batch) {
      told.add("begun " + number(batch));
    }

    @Override
    public List<Result> send(List<Change> batch) throws StoreException {
      return List.of();
    }

    @Override
    public void answered(List<Change> batch, List<Result> said) {
      told.add("answered " + number(batch));
    }

    @Override
    public void failed(List<Change> batch, StoreException why) {
      told.add("failed " + number(batch));
    }
  }

  @Test
  void oneAfterTheOther() throws InterruptedException {
    Noting sender = new Noting();
    List<Integer> progress = new ArrayList<>();
    new Batches(2, 1).send(FIVE, sender, progress::add);
    assertThat(sender.told)
        .containsExactly("begun 0", "answered 0", "begun 2", "answered 2", "begun 4", "answered 4");
    assertThat(progress).containsExactly(0, 2, 4);
  }

  /** The first is half as large, so that the two do not end together. */
  @Test
  void theNextIsOnItsWayBeforeTheFirstIsAnswered() throws InterruptedException {
    CountDownLatch second = new CountDownLatch(1);
    Noting sender =
        new Noting() {
          @Override
          public List<Result> send(List<Change> batch) throws StoreException {
            try {
              if (number(batch) == 0) {
                second.await();
              } else {
                second.countDown();
              }
            } catch (InterruptedException e) {
              throw new StoreException("create entries", "interrupted", false);
            }
            return List.of();
          }
        };
    List<Integer> progress = new ArrayList<>();
    new Batches(2, 2).send(FIVE, sender, progress::add);
    assertThat(sender.told)
        .containsExactly("begun 0", "begun 1", "answered 0", "begun 3", "answered 1", "answered 3");
    assertThat(progress).containsExactly(0, 0, 1);
  }

  @Test
  void afterAFailureNoneIsBegunAndWhatIsOnItsWayIsWaitedFor() throws InterruptedException {
    Noting sender =
        new Noting() {
          @Override
          public List<Result> send(List<Change> batch) throws StoreException {
            if (number(batch) == 0) {
              throw new StoreException("create entries", "connection reset", false);
            }
            return List.of();
          }
        };
    new Batches(2, 2).send(FIVE, sender, _ -> {});
    assertThat(sender.told).containsExactly("begun 0", "begun 1", "failed 0", "answered 1");
  }
}
