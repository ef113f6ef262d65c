using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Workbench.Web.Persistence.Migrations;

/// <summary>The first schema. Migrations are written by hand, since EF Core's Design package cannot be restored here.</summary>
[DbContext(typeof(WorkbenchDbContext))]
[Migration("20261123000000_Initial")]
public sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        CreateModels(migrationBuilder);
        CreateDatasets(migrationBuilder);
        CreateRuns(migrationBuilder);
        CreateTemplates(migrationBuilder);
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var table in (string[])["RunMetrics", "Runs", "DatasetVersions", "Datasets", "Models", "Templates"])
        {
            migrationBuilder.DropTable(table);
        }
    }

    private static void CreateModels(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Models",
            table => new
            {
                Id = table.Column<string>("TEXT"),
                Name = table.Column<string>("TEXT"),
                Path = table.Column<string>("TEXT"),
                Architecture = table.Column<string>("TEXT"),
                Parameters = table.Column<long>("INTEGER"),
                VocabularySize = table.Column<int>("INTEGER"),
                HiddenSize = table.Column<int>("INTEGER"),
                Layers = table.Column<int>("INTEGER"),
                ContextLength = table.Column<int>("INTEGER"),
                DType = table.Column<string>("TEXT"),
                HasChatTemplate = table.Column<bool>("INTEGER"),
                ParentRunId = table.Column<string>("TEXT", nullable: true),
                AddedAt = table.Column<long>("INTEGER"),
            },
            constraints: table => table.PrimaryKey("PK_Models", row => row.Id));
        migrationBuilder.CreateIndex("IX_Models_Path", "Models", "Path", unique: true);
    }

    private static void CreateDatasets(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Datasets",
            table => new
            {
                Id = table.Column<string>("TEXT"),
                Name = table.Column<string>("TEXT"),
                CreatedAt = table.Column<long>("INTEGER"),
            },
            constraints: table => table.PrimaryKey("PK_Datasets", row => row.Id));
        migrationBuilder.CreateTable(
            "DatasetVersions",
            table => new
            {
                DatasetId = table.Column<string>("TEXT"),
                Number = table.Column<int>("INTEGER"),
                ContentHash = table.Column<string>("TEXT"),
                Shape = table.Column<string>("TEXT"),
                Rows = table.Column<int>("INTEGER"),
                BadRows = table.Column<int>("INTEGER"),
                Bytes = table.Column<long>("INTEGER"),
                Source = table.Column<string>("TEXT"),
                CreatedAt = table.Column<long>("INTEGER"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_DatasetVersions", row => new { row.DatasetId, row.Number });
                table.ForeignKey(
                    "FK_DatasetVersions_Datasets_DatasetId", row => row.DatasetId, "Datasets", "Id", onDelete: ReferentialAction.Cascade);
            });
    }

    private static void CreateRuns(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Runs",
            table => new
            {
                Id = table.Column<string>("TEXT"),
                Name = table.Column<string>("TEXT"),
                Status = table.Column<string>("TEXT"),
                StatusReason = table.Column<string>("TEXT", nullable: true),
                Phase = table.Column<string>("TEXT", nullable: true),
                Method = table.Column<string>("TEXT"),
                Model = table.Column<string>("TEXT"),
                Dataset = table.Column<string>("TEXT"),
                Config = table.Column<string>("TEXT"),
                Folder = table.Column<string>("TEXT"),
                QueuePosition = table.Column<long>("INTEGER"),
                CreatedAt = table.Column<long>("INTEGER"),
                StartedAt = table.Column<long>("INTEGER", nullable: true),
                FinishedAt = table.Column<long>("INTEGER", nullable: true),
                LastSeq = table.Column<long>("INTEGER"),
                Step = table.Column<long>("INTEGER"),
                TotalSteps = table.Column<long>("INTEGER", nullable: true),
                Loss = table.Column<double>("REAL", nullable: true),
            },
            constraints: table => table.PrimaryKey("PK_Runs", row => row.Id));
        migrationBuilder.CreateIndex("IX_Runs_Status_QueuePosition", "Runs", ["Status", "QueuePosition"]);
        migrationBuilder.CreateTable(
            "RunMetrics",
            table => new
            {
                RunId = table.Column<string>("TEXT"),
                Seq = table.Column<long>("INTEGER"),
                Json = table.Column<string>("TEXT"),
            },
            constraints: table =>
            {
                table.PrimaryKey("PK_RunMetrics", row => new { row.RunId, row.Seq });
                table.ForeignKey("FK_RunMetrics_Runs_RunId", row => row.RunId, "Runs", "Id", onDelete: ReferentialAction.Cascade);
            });
    }

    private static void CreateTemplates(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            "Templates",
            table => new
            {
                Id = table.Column<string>("TEXT"),
                Name = table.Column<string>("TEXT"),
                Text = table.Column<string>("TEXT"),
                CreatedAt = table.Column<long>("INTEGER"),
                UpdatedAt = table.Column<long>("INTEGER"),
            },
            constraints: table => table.PrimaryKey("PK_Templates", row => row.Id));
        migrationBuilder.CreateIndex("IX_Templates_Name", "Templates", "Name", unique: true);
    }
}
