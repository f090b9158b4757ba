package org.spiredoctor.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.spiredoctor.kube.KubeException.Reason;

/** The objects of a kind, in one namespace or in all, read page by page. */
public final class Listing {
  /** How many objects one request lists. */
  static final int PAGE = 500;

  /** A listing of any number of pages. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final KubeApi api;
  private final String asked;
  private final String path;
  private final Mask mask;
  private final ObjectList.Collector items = new ObjectList.Collector();
  private final long end = System.nanoTime() + LIMIT.toNanos();
  private String next = "";
  private boolean begun;

  /**
   * @param more of the query, {@code &name=value}
   */
  Listing(KubeApi api, Kind kind, Optional<String> namespace, String more) {
    this.api = api;
    this.asked = KubeApi.asked("list", kind, namespace);
    this.path = kind.path(namespace) + "?limit=" + PAGE + kind.freshness() + more;
    this.mask = kind.mask();
  }

  /** Whether there are no more pages. */
  public boolean isComplete() {
    return begun && next.isEmpty();
  }

  /**
   * Reads the next page.
   *
   * @param counted is told how many objects were read so far
   * @throws KubeException also when something answers well that is no list: a portal, or a proxy
   */
  public void readPage(IntConsumer counted) throws KubeException {
    String page = path + (next.isEmpty() ? "" : "&continue=" + KubeApi.encode(next));
    try (InputStream body = api.get(asked, page)) {
      next = Answers.page(asked, mask, body, items, counted).next();
      begun = true;
    } catch (IOException e) {
      throw Answers.broken(asked, e);
    }
  }

  /** Reads all pages that are left. */
  public List<JsonNode> all(IntConsumer counted) throws KubeException {
    while (!isComplete()) {
      if (System.nanoTime() > end) {
        throw new KubeException(
            Reason.TIMED_OUT, asked, "the list did not end within " + LIMIT.toSeconds() + " s");
      }
      readPage(counted);
    }
    return items.list();
  }
}
