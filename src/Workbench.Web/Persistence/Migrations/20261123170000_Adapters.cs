using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Workbench.Web.Persistence.Migrations;

/// <summary>Models that are adapters: their base model, and what they are.</summary>
[DbContext(typeof(WorkbenchDbContext))]
[Migration("20261123170000_Adapters")]
public sealed class Adapters : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<string>("BasePath", "Models", "TEXT", nullable: true);
        migrationBuilder.AddColumn<int>("LoraR", "Models", "INTEGER", nullable: true);
        migrationBuilder.AddColumn<double>("LoraAlpha", "Models", "REAL", nullable: true);
        migrationBuilder.AddColumn<string>("LoraTargets", "Models", "TEXT", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var column in (string[])["BasePath", "LoraR", "LoraAlpha", "LoraTargets"])
        {
            migrationBuilder.DropColumn(column, "Models");
        }
    }
}
