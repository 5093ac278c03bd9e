/// The published schema of the native feed.
package enum CatalogueSchema {
    /// W3C XML Schema 1.0. What it accepts is read, but for a licence that ends before it starts
    /// and sizes that sum up to too much; elements and attributes of other namespaces are allowed
    /// and ignored.
    package static let xsd = #"""
        <?xml version="1.0" encoding="UTF-8"?>
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="urn:mediaplan:catalogue:1"
            targetNamespace="urn:mediaplan:catalogue:1" elementFormDefault="qualified">

          <xs:element name="catalogue">
            <xs:complexType>
              <xs:choice minOccurs="0" maxOccurs="unbounded">
                <xs:element name="title" type="Title"/>
                <xs:any namespace="##other" processContents="lax"/>
              </xs:choice>
              <!-- full: titles that aren't named are gone; delta: they stay -->
              <xs:attribute name="extent" use="required">
                <xs:simpleType>
                  <xs:restriction base="xs:token">
                    <xs:enumeration value="full"/>
                    <xs:enumeration value="delta"/>
                  </xs:restriction>
                </xs:simpleType>
              </xs:attribute>
              <xs:anyAttribute namespace="##other" processContents="lax"/>
            </xs:complexType>
          </xs:element>

          <xs:complexType name="Title">
            <xs:sequence>
              <!-- other identifiers that holdings and wishes may use -->
              <xs:element name="alias" minOccurs="0" maxOccurs="1000">
                <xs:complexType>
                  <xs:attribute name="id" type="Identifier" use="required"/>
                </xs:complexType>
              </xs:element>
              <!-- from start until before end; a bound that isn't there is open -->
              <xs:element name="licence" minOccurs="0">
                <xs:complexType>
                  <xs:attribute name="start" type="Time"/>
                  <xs:attribute name="end" type="Time"/>
                </xs:complexType>
              </xs:element>
              <!-- allow or deny; neither: everywhere; no element: as the workspace says -->
              <xs:element name="territories" minOccurs="0">
                <xs:complexType>
                  <xs:attribute name="allow" type="Countries"/>
                  <xs:attribute name="deny" type="Countries"/>
                </xs:complexType>
              </xs:element>
              <xs:element name="file" type="File" minOccurs="0" maxOccurs="1000"/>
              <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
            </xs:sequence>
            <xs:attribute name="id" type="Identifier" use="required"/>
            <xs:attribute name="name" type="xs:string"/>
            <!-- the major number counts changes of content, the minor one those of metadata -->
            <xs:attribute name="major" type="Count" use="required"/>
            <xs:attribute name="minor" type="Count" default="0"/>
            <xs:attribute name="verb" default="put">
              <xs:simpleType>
                <xs:restriction base="xs:token">
                  <xs:enumeration value="put"/>
                  <xs:enumeration value="delete"/>
                </xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <!-- whether devices may send it; not stated: as the workspace says -->
            <xs:attribute name="peer-to-peer">
              <xs:simpleType>
                <xs:restriction base="xs:token">
                  <xs:enumeration value="yes"/>
                  <xs:enumeration value="no"/>
                </xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="chunk-bytes">
              <xs:simpleType>
                <xs:restriction base="xs:long">
                  <xs:minInclusive value="4096"/>
                  <xs:maxInclusive value="1073741824"/>
                </xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <!-- SHA-256 of the chunk index -->
            <xs:attribute name="index">
              <xs:simpleType>
                <xs:restriction base="xs:hexBinary"><xs:length value="32"/></xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType>

          <xs:complexType name="File">
            <xs:attribute name="name" type="Identifier" use="required"/>
            <xs:attribute name="kind" type="Identifier" use="required"/>
            <!-- bytes; not stated or 0: the title is imported and can't be planned -->
            <xs:attribute name="size">
              <xs:simpleType>
                <xs:restriction base="xs:long">
                  <xs:minInclusive value="0"/>
                  <xs:maxInclusive value="100000000000000"/>
                </xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="id" type="xs:token"/>
            <xs:attribute name="md5">
              <xs:simpleType>
                <xs:restriction base="xs:hexBinary"><xs:length value="16"/></xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="sha1">
              <xs:simpleType>
                <xs:restriction base="xs:hexBinary"><xs:length value="20"/></xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="sha256">
              <xs:simpleType>
                <xs:restriction base="xs:hexBinary"><xs:length value="32"/></xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="sha384">
              <xs:simpleType>
                <xs:restriction base="xs:hexBinary"><xs:length value="48"/></xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:attribute name="sha512">
              <xs:simpleType>
                <xs:restriction base="xs:hexBinary"><xs:length value="64"/></xs:restriction>
              </xs:simpleType>
            </xs:attribute>
            <xs:anyAttribute namespace="##other" processContents="lax"/>
          </xs:complexType>

          <xs:simpleType name="Identifier">
            <xs:restriction base="xs:token">
              <xs:minLength value="1"/>
              <xs:maxLength value="1024"/>
            </xs:restriction>
          </xs:simpleType>

          <xs:simpleType name="Count">
            <xs:restriction base="xs:int"><xs:minInclusive value="0"/></xs:restriction>
          </xs:simpleType>

          <!-- RFC 3339, with a zone -->
          <xs:simpleType name="Time">
            <xs:restriction base="xs:dateTime">
              <xs:pattern value=".*(Z|[+\-][0-9]{2}:[0-9]{2})"/>
            </xs:restriction>
          </xs:simpleType>

          <!-- ISO 3166 alpha-2, separated by blanks -->
          <xs:simpleType name="Countries">
            <xs:restriction base="xs:token">
              <xs:pattern value="[A-Z]{2}( [A-Z]{2})*"/>
            </xs:restriction>
          </xs:simpleType>
        </xs:schema>

        """#
}
