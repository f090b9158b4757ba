package org.spiredoctor.kube;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.spiredoctor.kube.KubeException.Reason;

/**
 * What came back from whoever answers at the API server's address: a portal and a proxy say 200,
 * too, and must not be taken for an empty list or for a no.
 */
final class Answers {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Answers() {}

  /** What a status other than 2xx means. */
  static KubeException refused(String asked, int code, String body) {
    Reason reason =
        switch (code) {
          case 401 -> Reason.UNAUTHENTICATED;
          case 403 -> Reason.FORBIDDEN;
          case 404 -> Reason.NOT_FOUND;
          case 409 -> Reason.CONFLICT;
          default -> Reason.OTHER;
        };
    String message = message(body);
    // A refused upgrade to a web socket comes without a word.
    String words = message.isEmpty() ? reason.name().toLowerCase(Locale.ROOT) : message;
    return new KubeException(reason, asked, code + " " + words);
  }

  /**
   * When a server that has too much to do wants to be asked again (RFC 6585, and Kubernetes' API
   * priority and fairness); absent when it does not.
   */
  static Optional<Duration> comeBack(HttpResponse<?> response) {
    Optional<String> told = response.headers().firstValue("Retry-After");
    boolean later =
        response.statusCode() == 429 || (response.statusCode() == 503 && told.isPresent());
    return later
        ? Optional.of(told.filter(s -> s.matches("[0-9]{1,4}")).map(Long::valueOf).orElse(1L))
            .map(seconds -> Duration.ofSeconds(Math.max(1, seconds)))
        : Optional.empty();
  }

  /** The message of a Status object, or the body itself. */
  private static String message(String body) {
    try {
      String message = MAPPER.readTree(body).path("message").asText();
      return Redaction.text(message.isEmpty() ? body.strip() : message);
    } catch (IOException e) {
      return Redaction.text(body.strip());
    }
  }

  static String body(HttpResponse<InputStream> response) {
    try (InputStream body = new TimedBody(response.body(), Duration.ofSeconds(5))) {
      return new String(body.readNBytes(64 * 1024), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /**
   * Reads a list item by item, so that only what is kept is held.
   *
   * @param counted is told how many there are after each
   */
  static Page page(
      String asked, Mask mask, InputStream body, ObjectList.Collector items, IntConsumer counted)
      throws IOException, KubeException {
    Page page = new Page("", 0);
    boolean list = false;
    try (JsonParser parser = MAPPER.createParser(body)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("metadata")) {
          JsonNode meta = MAPPER.readTree(parser);
          page = new Page(meta.path("continue").asText(), meta.path("remainingItemCount").asLong());
        } else if (field.equals("items") && parser.currentToken() == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT) {
            items.add(mask.apply(mask.read(parser)));
            counted.accept(items.size());
          }
          list = parser.currentToken() == JsonToken.END_ARRAY;
          if (!list) {
            break;
          }
        } else {
          parser.skipChildren();
        }
      }
    }
    if (!list) {
      throw new KubeException(Reason.OTHER, asked, "the answer is not a list");
    }
    return page;
  }

  /**
   * What a page of a list tells of those after it.
   *
   * @param next how the next one is asked for; empty for none
   * @param remaining how many objects these hold, about; 0 also where that is not told
   */
  record Page(String next, long remaining) {}

  /**
   * The one object that was asked for.
   *
   * @throws KubeException also when it is none, or another
   */
  static JsonNode object(String asked, String name, InputStream body)
      throws IOException, KubeException {
    JsonNode object = MAPPER.readTree(body);
    if (!object.path("metadata").path("name").asText().equals(name)) {
      throw new KubeException(Reason.OTHER, asked, "the answer is not that object");
    }
    return object;
  }

  /**
   * The verdict of an access review.
   *
   * @throws KubeException also when there is none
   */
  static boolean allowed(String asked, InputStream body) throws IOException, KubeException {
    JsonNode allowed = MAPPER.readTree(body).path("status").path("allowed");
    if (!allowed.isBoolean()) {
      throw new KubeException(Reason.OTHER, asked, "the answer is not a review");
    }
    return allowed.booleanValue();
  }

  /** The minor version of Kubernetes 1, some clouds write {@code 30+}; 0 where it is not told. */
  static int minor(InputStream body) throws IOException {
    JsonNode version = MAPPER.readTree(body);
    String digits = version.path("minor").asText().replaceAll("[^0-9].*", "");
    return digits.isEmpty() || digits.length() > 4 ? 0 : Integer.parseInt(digits);
  }

  /** What it means that an answer ended early. */
  static KubeException broken(String asked, IOException e) {
    if (Thread.currentThread().isInterrupted()) {
      return new KubeException(Reason.TIMED_OUT, asked, "interrupted");
    }
    return e instanceof InterruptedIOException
        ? new KubeException(Reason.TIMED_OUT, asked, String.valueOf(e.getMessage()))
        : new KubeException(Reason.OTHER, asked, "the answer broke off: " + Failures.inWords(e));
  }
}
