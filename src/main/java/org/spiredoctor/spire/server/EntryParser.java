package org.spiredoctor.spire.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Pool;
import org.spiredoctor.identity.Selector;

/**
 * Reads entries as {@code spire-server entry show -output json} prints them (protobuf's JSON of
 * SPIRE's types.Entry), without a tree of each: there may be a million. What is missing, null or of
 * another type is as if it were not set.
 */
final class EntryParser {
  static final String ATTRIBUTES = "additional_attributes";

  private final JsonParser json;
  private final Pool pool;
  private String id = "";
  private String spiffeId = "";
  private String parentId = "";
  private Set<Selector> selectors = Set.of();
  private Optional<Instant> expiresAt = Optional.empty();
  private Optional<Instant> createdAt = Optional.empty();
  private boolean downstream;
  private boolean storeSvid;
  private String hint = "";
  private List<String> federatesWith = List.of();
  private boolean admin;
  private int x509SvidTtl;
  private int jwtSvidTtl;
  private List<String> dnsNames = List.of();
  private boolean jwtSvidIncludeJti;
  private boolean disableX509SvidPrefetch;
  private long revision;

  private EntryParser(JsonParser json, Pool pool) {
    this.json = json;
    this.pool = pool;
  }

  /** Reads the field whose value begins here, or all of its value. */
  private interface Field {
    void read(String name) throws IOException;
  }

  /** Reads the one that begins here; what is no object is like one without fields. */
  static Entry read(JsonParser json, Pool pool) throws IOException {
    EntryParser parser = new EntryParser(json, pool);
    parser.fields(parser::field);
    return parser.entry();
  }

  private Entry entry() {
    return new Entry(
        id,
        spiffeId.isEmpty() ? pool.id("", "") : spiffeId,
        parentId.isEmpty() ? pool.id("", "") : parentId,
        selectors,
        expiresAt,
        createdAt,
        downstream,
        storeSvid,
        hint,
        federatesWith,
        pool.one(
            new Entry.Settings(
                admin,
                x509SvidTtl,
                jwtSvidTtl,
                dnsNames,
                jwtSvidIncludeJti,
                disableX509SvidPrefetch)),
        revision);
  }

  private void field(String name) throws IOException {
    switch (name) {
      case "id" -> id = text();
      case "spiffe_id" -> spiffeId = spiffeId();
      case "parent_id" -> parentId = spiffeId();
      case "selectors" -> selectors = selectors();
      // Written as text, as protobuf's JSON has it.
      case "expires_at" -> expiresAt = Seconds.of(number());
      case "created_at" -> createdAt = Seconds.of(number());
      case "revision_number" -> revision = number();
      case "downstream" -> downstream = truth();
      case "store_svid" -> storeSvid = truth();
      case "hint" -> hint = pool.text(text());
      case "federates_with" -> federatesWith = texts();
      case "admin" -> admin = truth();
      case "x509_svid_ttl" -> x509SvidTtl = (int) number();
      case "jwt_svid_ttl" -> jwtSvidTtl = (int) number();
      case "dns_names" -> dnsNames = texts();
      case ATTRIBUTES -> fields(this::attribute);
      default -> {}
    }
  }

  private void attribute(String name) throws IOException {
    switch (name) {
      case "jwt_svid_include_jti" -> jwtSvidIncludeJti = truth();
      case "disable_x509_svid_prefetch" -> disableX509SvidPrefetch = truth();
      default -> {}
    }
  }

  /** Each field of the object that begins here; what is no object has none. */
  private void fields(Field field) throws IOException {
    if (!json.hasToken(JsonToken.START_OBJECT)) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      field.read(name);
      // Nothing, where the value was read to its end.
      json.skipChildren();
    }
  }

  private String text() throws IOException {
    return json.getValueAsString("");
  }

  private boolean truth() throws IOException {
    return json.currentToken().isNumeric() ? number() != 0 : json.getValueAsBoolean();
  }

  /** One that is larger than any is no reason not to read the others. */
  private long number() throws IOException {
    return json.currentToken().isNumeric()
        ? json.getNumberValue().longValue()
        : json.getValueAsLong();
  }

  private String spiffeId() throws IOException {
    return pair("trust_domain", "path", pool::id);
  }

  /** An object of two texts. */
  private <T> T pair(String first, String second, BiFunction<String, String, T> of)
      throws IOException {
    String[] texts = {"", ""};
    fields(
        name -> {
          if (name.equals(first)) {
            texts[0] = text();
          } else if (name.equals(second)) {
            texts[1] = text();
          }
        });
    return of.apply(texts[0], texts[1]);
  }

  private Set<Selector> selectors() throws IOException {
    Set<Selector> all = new LinkedHashSet<>();
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      return all;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      all.add(pair("type", "value", pool::selector));
    }
    return all;
  }

  private List<String> texts() throws IOException {
    if (!json.hasToken(JsonToken.START_ARRAY)) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      all.add(text());
      json.skipChildren();
    }
    return pool.texts(all);
  }
}
