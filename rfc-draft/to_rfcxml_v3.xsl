<?xml version="1.0" encoding="UTF-8"?>
<!-- Debian's kramdown-rfc writes RFCXML v3 with what RFC 7991 section 3 deprecates left in it, for xml2rfc's v2-to-v3
     conversion to take out. This takes it out. Whatever else stands in the input is passed on as it is, and the schema
     says whether it is allowed. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" cdata-section-elements="artwork sourcecode"/>
  <!-- White space between blocks means nothing, and is laid out anew. -->
  <xsl:strip-space elements="rfc front middle back abstract section figure references reference author address
                             texttable list dl dd"/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- They name the version of the program, and a style sheet that is not there. -->
  <xsl:template match="comment() | processing-instruction()"/>

  <xsl:template match="rfc">
    <rfc version="3">
      <xsl:apply-templates select="@* | node()"/>
    </rfc>
  </xsl:template>

  <xsl:template match="rfc/front/title">
    <xsl:copy-of select="."/>
    <seriesInfo name="Internet-Draft" value="{/rfc/@docName}"/>
  </xsl:template>

  <!-- RFC 7991 section 2.47: the series of a reference stands in its front. -->
  <xsl:template match="reference/front/title">
    <xsl:copy-of select="."/>
    <xsl:copy-of select="../../seriesInfo"/>
  </xsl:template>
  <xsl:template match="reference/seriesInfo"/>
  <xsl:template match="organization[not(node())] | address[not(*)]"/>

  <xsl:template match="references/@title | figure/@title | texttable/@title">
    <name>
      <xsl:value-of select="."/>
    </name>
  </xsl:template>

  <!-- Attributes first: nothing can be added to an element after its first child. -->
  <xsl:template match="references | figure">
    <xsl:copy>
      <xsl:apply-templates select="@*[name() != 'title']"/>
      <xsl:apply-templates select="@title"/>
      <xsl:apply-templates/>
    </xsl:copy>
  </xsl:template>
  <!-- Without a title and without a name to point to, it is no figure that is counted. -->
  <xsl:template match="figure[not(@title) and not(@anchor)]">
    <xsl:apply-templates/>
  </xsl:template>

  <xsl:template match="texttable">
    <xsl:variable name="columns" select="count(ttcol)"/>
    <table>
      <xsl:apply-templates select="@*[name() != 'title']"/>
      <xsl:apply-templates select="@title"/>
      <thead>
        <tr>
          <xsl:for-each select="ttcol">
            <th>
              <xsl:apply-templates select="@align | node()"/>
            </th>
          </xsl:for-each>
        </tr>
      </thead>
      <tbody>
        <xsl:for-each select="c[position() mod $columns = 1 or $columns = 1]">
          <tr>
            <xsl:for-each select=". | following-sibling::c[position() &lt; $columns]">
              <!-- An empty cell comes with a space that must not break. -->
              <td>
                <xsl:if test=". != '&#160;'">
                  <xsl:apply-templates/>
                </xsl:if>
              </td>
            </xsl:for-each>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:template>

  <!-- A paragraph that was only there to hold a list. -->
  <xsl:template match="t[list and not(text()[normalize-space()]) and count(*) = 1]" priority="1">
    <xsl:apply-templates select="list"/>
  </xsl:template>
  <xsl:template match="list[@style = 'symbols']">
    <ul>
      <xsl:apply-templates/>
    </ul>
  </xsl:template>
  <xsl:template match="list[@style = 'numbers']">
    <ol>
      <xsl:apply-templates/>
    </ol>
  </xsl:template>
  <xsl:template match="list/t" priority="2">
    <li>
      <xsl:apply-templates/>
    </li>
  </xsl:template>
  <!-- An item of several blocks: what stands between them is a paragraph each. -->
  <xsl:template match="list/t[list or vspace]" priority="3">
    <li>
      <xsl:call-template name="paragraph"/>
      <xsl:for-each select="list | vspace">
        <xsl:apply-templates select="self::list"/>
        <xsl:variable name="place" select="position()"/>
        <xsl:for-each select="..">
          <xsl:call-template name="paragraph">
            <xsl:with-param name="after" select="$place"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:for-each>
    </li>
  </xsl:template>
  <xsl:template name="paragraph">
    <xsl:param name="after" select="0"/>
    <xsl:variable name="inside"
      select="node()[not(self::list or self::vspace)]
                    [count(preceding-sibling::list | preceding-sibling::vspace) = $after]"/>
    <xsl:if test="$inside[self::* or normalize-space()]">
      <t>
        <xsl:apply-templates select="$inside"/>
      </t>
    </xsl:if>
  </xsl:template>

  <xsl:template match="spanx[@style = 'verb']">
    <tt>
      <xsl:apply-templates/>
    </tt>
  </xsl:template>
</xsl:stylesheet>
