package org.spiredoctor.cli.options;

import io.spiffe.exception.InvalidSpiffeIdException;
import io.spiffe.spiffeid.TrustDomain;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a trust domain. */
public final class TrustDomainConverter implements ITypeConverter<TrustDomain> {
  @Override
  public TrustDomain convert(String text) {
    try {
      return TrustDomain.parse(text);
    } catch (InvalidSpiffeIdException | IllegalArgumentException e) {
      throw new TypeConversionException("'" + text + "' is not a trust domain: " + e.getMessage());
    }
  }
}
