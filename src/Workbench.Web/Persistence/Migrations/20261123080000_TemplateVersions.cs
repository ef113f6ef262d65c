using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Workbench.Web.Persistence.Migrations;

/// <summary>Saved templates keep what they were; the text that each has becomes its first version.</summary>
[DbContext(typeof(WorkbenchDbContext))]
[Migration("20261123080000_TemplateVersions")]
public sealed class TemplateVersions : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "TemplateVersions",
            table => new
            {
                TemplateId = table.Column<string>("TEXT"),
                Number = table.Column<int>("INTEGER"),
                Text = table.Column<string>("TEXT"),
                SavedAt = table.Column<long>("INTEGER"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_TemplateVersions", row => new { row.TemplateId, row.Number });
                table.ForeignKey("FK_TemplateVersions_Templates_TemplateId", row => row.TemplateId, "Templates", "Id", onDelete: ReferentialAction.Cascade);
            });
        migrationBuilder.Sql(
            """INSERT INTO "TemplateVersions" ("TemplateId", "Number", "Text", "SavedAt") SELECT "Id", 1, "Text", "UpdatedAt" FROM "Templates";""");
    }

    protected override void Down(MigrationBuilder migrationBuilder) => migrationBuilder.DropTable("TemplateVersions");
}
