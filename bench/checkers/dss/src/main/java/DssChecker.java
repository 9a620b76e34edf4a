import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import eu.europa.esig.dss.crl.CRLUtils;
import eu.europa.esig.dss.diagnostic.DiagnosticData;
import eu.europa.esig.dss.diagnostic.SignatureWrapper;
import eu.europa.esig.dss.diagnostic.TimestampWrapper;
import eu.europa.esig.dss.enumerations.RevocationOrigin;
import eu.europa.esig.dss.jaxb.object.Message;
import eu.europa.esig.dss.model.FileDocument;
import eu.europa.esig.dss.model.policy.ValidationPolicy;
import eu.europa.esig.dss.model.x509.CertificateToken;
import eu.europa.esig.dss.model.x509.revocation.crl.CRL;
import eu.europa.esig.dss.simplereport.SimpleReport;
import eu.europa.esig.dss.spi.DSSUtils;
import eu.europa.esig.dss.spi.validation.CommonCertificateVerifier;
import eu.europa.esig.dss.spi.x509.CommonTrustedCertificateSource;
import eu.europa.esig.dss.spi.x509.revocation.RevocationSource;
import eu.europa.esig.dss.spi.x509.revocation.crl.CRLToken;
import eu.europa.esig.dss.validation.SignedDocumentValidator;
import eu.europa.esig.dss.validation.policy.ValidationPolicyLoader;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** EU DSS as a service on standard input and output: one JSON object a line each way, in order. No network. */
public class DssChecker {
  record Request(String pdf, List<String> trusted, List<String> crls, String at, boolean ownPolicy) {}

  record Timestamp(boolean intact, boolean imprintIntact, String indication, String producedAt) {}

  record Signature(
      String field,
      String indication,
      String subIndication,
      String format,
      boolean intact,
      boolean valid,
      List<Timestamp> timestamps,
      List<String> errors,
      List<String> warnings) {}

  /** A timestamp over a container's manifest; `covers` names the members that it is over. */
  record Assertion(
      boolean intact,
      boolean imprintIntact,
      String indication,
      String subIndication,
      String producedAt,
      List<String> covers,
      List<String> errors) {}

  /** `ms` is the library's own work: opening and validating, without reading trust and CRLs. */
  record Answer(
      List<Signature> signatures, String container, List<Assertion> assertions, double ms, String error) {}

  public static void main(String[] arguments) throws IOException {
    // Libraries that print must not break the protocol.
    PrintStream answers = System.out;
    System.setOut(System.err);
    Gson json = new GsonBuilder().serializeNulls().disableHtmlEscaping().create();
    ValidationPolicy policy = ValidationPolicyLoader.fromDefaultValidationPolicy().create();
    BufferedReader requests = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = requests.readLine(); line != null; line = requests.readLine()) {
      Answer answer;
      try {
        answer = verify(json.fromJson(line, Request.class), policy);
      } catch (Exception | StackOverflowError | OutOfMemoryError failure) {
        answer = new Answer(null, null, null, 0, failure.toString());
      }
      answers.write((json.toJson(answer) + "\n").getBytes(StandardCharsets.UTF_8));
      answers.flush();
    }
  }

  static Answer verify(Request request, ValidationPolicy policy) throws IOException {
    CommonTrustedCertificateSource trusted = new CommonTrustedCertificateSource();
    for (String path : request.trusted()) trusted.addCertificate(DSSUtils.loadCertificate(new File(path)));
    CommonCertificateVerifier verifier = new CommonCertificateVerifier();
    verifier.setTrustedCertSources(trusted);
    verifier.setAIASource(null);
    verifier.setOcspSource(null);
    verifier.setCrlSource(crlSource(request.crls() == null ? List.of() : request.crls()));

    long began = System.nanoTime();
    SignedDocumentValidator validator = SignedDocumentValidator.fromDocument(new FileDocument(request.pdf()));
    validator.setCertificateVerifier(verifier);
    if (request.at() != null) validator.setValidationTime(Date.from(Instant.parse(request.at())));
    // As its documentation calls it, which reads the default policy each time; or with the one read beforehand.
    var reports = request.ownPolicy() ? validator.validateDocument() : validator.validateDocument(policy);
    double ms = (System.nanoTime() - began) / 1e6;

    List<Signature> signatures = new ArrayList<>();
    SimpleReport report = reports.getSimpleReport();
    for (String id : report.getSignatureIdList()) signatures.add(describe(id, report, reports.getDiagnosticData()));
    DiagnosticData data = reports.getDiagnosticData();
    List<Assertion> assertions = new ArrayList<>();
    if (data.isContainerInfoPresent()) {
      for (TimestampWrapper timestamp : data.getTimestampList()) assertions.add(assertion(timestamp, report));
    }
    return new Answer(signatures, text(data.getContainerType()), assertions, ms, null);
  }

  static Assertion assertion(TimestampWrapper timestamp, SimpleReport report) {
    return new Assertion(
        timestamp.isSignatureIntact(),
        timestamp.isMessageImprintDataFound() && timestamp.isMessageImprintDataIntact(),
        text(report.getIndication(timestamp.getId())),
        text(report.getSubIndication(timestamp.getId())),
        timestamp.getProductionTime().toInstant().toString(),
        timestamp.getTimestampScopes().stream().map(scope -> scope.getSignerData().getReferencedName()).toList(),
        report.getAdESValidationErrors(timestamp.getId()).stream().map(Message::getValue).toList());
  }

  /** The CRL among those given that the certificate's issuer signed, if any. */
  static RevocationSource<CRL> crlSource(List<String> paths) throws IOException {
    List<byte[]> lists = new ArrayList<>();
    for (String path : paths) lists.add(Files.readAllBytes(Path.of(path)));
    return (CertificateToken certificate, CertificateToken issuer) -> {
      for (byte[] list : lists) {
        try {
          var validity = CRLUtils.buildCRLValidity(CRLUtils.buildCRLBinary(list), issuer);
          if (!validity.isValid()) continue;
          CRLToken token = new CRLToken(certificate, validity);
          token.setExternalOrigin(RevocationOrigin.EXTERNAL);
          return token;
        } catch (IOException broken) {
          throw new IllegalArgumentException(broken);
        }
      }
      return null;
    };
  }

  static Signature describe(String id, SimpleReport report, DiagnosticData data) {
    SignatureWrapper signature = data.getSignatureById(id);
    List<Timestamp> timestamps = new ArrayList<>();
    for (TimestampWrapper timestamp : signature.getTimestampList()) {
      timestamps.add(
          new Timestamp(
              timestamp.isSignatureIntact(),
              timestamp.isMessageImprintDataFound() && timestamp.isMessageImprintDataIntact(),
              String.valueOf(report.getIndication(timestamp.getId())),
              timestamp.getProductionTime().toInstant().toString()));
    }
    return new Signature(
        signature.getFirstFieldName(),
        text(report.getIndication(id)),
        text(report.getSubIndication(id)),
        text(report.getSignatureFormat(id)),
        signature.isSignatureIntact(),
        signature.isSignatureValid(),
        timestamps,
        report.getAdESValidationErrors(id).stream().map(Message::getValue).toList(),
        report.getAdESValidationWarnings(id).stream().map(Message::getValue).toList());
  }

  static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
