using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Workbench.Web.Persistence.Migrations;

/// <summary>A version knows the version it was made from and the recipe that made it; imports have neither.</summary>
[DbContext(typeof(WorkbenchDbContext))]
[Migration("20261123180000_DatasetLineage")]
public sealed class DatasetLineage : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<int>("Parent", "DatasetVersions", "INTEGER", nullable: true);
        migrationBuilder.AddColumn<string>("Recipe", "DatasetVersions", "TEXT", nullable: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.DropColumn("Recipe", "DatasetVersions");
        migrationBuilder.DropColumn("Parent", "DatasetVersions");
    }
}
