package org.spiredoctor.registration;

import static org.spiredoctor.registration.EntryField.ADMIN;
import static org.spiredoctor.registration.EntryField.DISABLE_X509_SVID_PREFETCH;
import static org.spiredoctor.registration.EntryField.DNS_NAMES;
import static org.spiredoctor.registration.EntryField.DOWNSTREAM;
import static org.spiredoctor.registration.EntryField.EXPIRES_AT;
import static org.spiredoctor.registration.EntryField.FEDERATES_WITH;
import static org.spiredoctor.registration.EntryField.HINT;
import static org.spiredoctor.registration.EntryField.JWT_SVID_INCLUDE_JTI;
import static org.spiredoctor.registration.EntryField.JWT_SVID_TTL;
import static org.spiredoctor.registration.EntryField.PARENT_ID;
import static org.spiredoctor.registration.EntryField.SELECTORS;
import static org.spiredoctor.registration.EntryField.SPIFFE_ID;
import static org.spiredoctor.registration.EntryField.STORE_SVID;
import static org.spiredoctor.registration.EntryField.X509_SVID_TTL;

import io.spiffe.spiffeid.SpiffeId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.identity.SpiffeIds;
import org.spiredoctor.registration.EntryField.Form;

/** Reads one entry, and tells what of it a SPIRE server would refuse. */
final class EntryReader {
  /** SPIRE counts bytes, though it speaks of characters. */
  private static final int LONGEST_HINT = 1024;

  private final EntryFields fields;

  private EntryReader(EntryFields fields) {
    this.fields = fields;
  }

  /**
   * The entry, where nothing is wrong with it.
   *
   * @param origin where it begins
   */
  static Optional<Declared> read(Value value, Form form, Origin origin) {
    int before = value.problems().count();
    Optional<Declared> read =
        value
            .fields()
            .map(fields -> new EntryReader(new EntryFields(form, fields)))
            .flatMap(reader -> reader.declared(origin));
    return value.problems().count() == before ? read : Optional.empty();
  }

  private Optional<Declared> declared(Origin origin) {
    fields.refuseUnknown();
    Optional<SpiffeId> id =
        fields
            .required(SPIFFE_ID, "the SPIFFE ID that the entry grants")
            .flatMap(value -> value.parsed(Ids::workload));
    Optional<String> parent = parent(id);
    Set<Selector> selectors = selectors();
    List<String> federatesWith = federatesWith(parent);
    String hint = fields.parsed(HINT, EntryReader::hint).orElse("");
    Entry.Settings settings = settings();
    boolean downstream = fields.flag(DOWNSTREAM);
    boolean storeSvid = storeSvid(selectors);
    var expiresAt = fields.parsed(EXPIRES_AT, Times::end).flatMap(end -> end);
    if (id.isEmpty() || parent.isEmpty()) {
      return Optional.empty();
    }
    Entry entry =
        new Entry(
            "",
            id.get().toString(),
            parent.get(),
            selectors,
            expiresAt,
            Optional.empty(),
            downstream,
            storeSvid,
            hint,
            federatesWith,
            settings);
    return Optional.of(new Declared(entry, fields.get(HINT).isPresent(), origin));
  }

  private Optional<String> parent(Optional<SpiffeId> id) {
    Optional<Value> given =
        fields.form() == Form.STATIC_ENTRY
            ? fields.required(PARENT_ID, "the SPIFFE ID of an agent or of a node alias")
            : fields.get(PARENT_ID);
    if (given.isEmpty()) {
      return id.map(i -> SpiffeIds.of(i.getTrustDomain().getName(), "/spire-agent"));
    }
    Optional<SpiffeId> parent = given.get().parsed(Ids::parent);
    if (id.isPresent() && parent.isPresent() && !parent.get().memberOf(id.get().getTrustDomain())) {
      given
          .get()
          .wrong(
              "is of another trust domain (%s) than %s (%s); both are of the server's own"
                  .formatted(
                      WrongValue.shortened(parent.get().getTrustDomain().getName()),
                      fields.name(SPIFFE_ID),
                      WrongValue.shortened(id.get().getTrustDomain().getName())));
    }
    return parent.map(SpiffeId::toString);
  }

  private Set<Selector> selectors() {
    fields
        .required(SELECTORS, "at least one selector is needed, as k8s:ns:apps")
        .filter(Value::isEmptyList)
        .ifPresent(list -> list.wrong("an entry has at least one selector, as k8s:ns:apps"));
    return Selectors.of(fields.items(SELECTORS), fields.form());
  }

  private List<String> federatesWith(Optional<String> parent) {
    List<String> domains = fields.list(FEDERATES_WITH, Ids::trustDomain);
    if (!domains.isEmpty() && parent.filter(SpiffeIds::isServer).isPresent()) {
      fields.wrong(FEDERATES_WITH, "an entry for nodes (its parent is the server) cannot federate");
    }
    return domains.stream().distinct().toList();
  }

  private static String hint(String text) throws WrongValue {
    if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST_HINT) {
      throw new WrongValue("is too long; a hint has at most " + LONGEST_HINT + " bytes");
    }
    return text;
  }

  private Entry.Settings settings() {
    List<String> dnsNames = fields.list(DNS_NAMES, DnsNames::parse);
    DnsNames.overlapping(dnsNames)
        .map(name -> WrongValue.quote(name) + " is covered by a wildcard of this list")
        .ifPresent(text -> fields.wrong(DNS_NAMES, text + "; SPIRE takes only one of the two"));
    return new Entry.Settings(
        fields.flag(ADMIN),
        fields.parsed(X509_SVID_TTL, Times::ttl).orElse(0),
        fields.parsed(JWT_SVID_TTL, Times::ttl).orElse(0),
        dnsNames,
        fields.flag(JWT_SVID_INCLUDE_JTI),
        fields.flag(DISABLE_X509_SVID_PREFETCH));
  }

  private boolean storeSvid(Set<Selector> selectors) {
    boolean store = fields.flag(STORE_SVID);
    Set<String> types = new TreeSet<>();
    selectors.forEach(selector -> types.add(selector.type()));
    if (store && types.size() > 1) {
      String all = WrongValue.shortened(String.join(", ", types));
      fields.wrong(
          STORE_SVID, "needs selectors of one type alone, that of the store; these are of " + all);
    }
    return store;
  }
}
