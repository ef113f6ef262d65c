using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Workbench.Web.Persistence.Entities;

namespace Workbench.Web.Persistence.Migrations;

/// <summary>
/// The model that the last migration leaves behind, in column types. EF compares it with the entities and refuses to migrate
/// when they drifted apart; a test does the same, so that a forgotten migration fails at once.
/// </summary>
[DbContext(typeof(WorkbenchDbContext))]
public sealed class WorkbenchDbContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
        modelBuilder.HasAnnotation("ProductVersion", "10.0.11");
        modelBuilder.Entity(typeof(ModelEntry).FullName!, BuildModelEntry);
        modelBuilder.Entity(typeof(DatasetEntry).FullName!, BuildDatasetEntry);
        modelBuilder.Entity(typeof(DatasetVersion).FullName!, BuildDatasetVersion);
        modelBuilder.Entity(typeof(RunEntry).FullName!, BuildRunEntry);
        modelBuilder.Entity(typeof(RunMetric).FullName!, BuildRunMetric);
        modelBuilder.Entity(typeof(TemplateEntry).FullName!, BuildTemplateEntry);
        modelBuilder.Entity(typeof(TemplateVersion).FullName!, BuildTemplateVersion);
    }

    private static void BuildModelEntry(EntityTypeBuilder entity)
    {
        Key(entity, "Id");
        Texts(entity, "Name", "Path", "Architecture", "DType");
        Whole(entity, "Parameters", "AddedAt");
        Small(entity, "VocabularySize", "HiddenSize", "Layers", "ContextLength");
        entity.Property<bool>("HasChatTemplate").HasColumnType("INTEGER");
        foreach (var name in (string[])["ParentRunId", "BasePath", "LoraTargets"])
        {
            entity.Property<string>(name).HasColumnType("TEXT");
        }

        entity.Property<int?>("LoraR").HasColumnType("INTEGER");
        entity.Property<double?>("LoraAlpha").HasColumnType("REAL");
        entity.HasIndex("Path").IsUnique();
        entity.ToTable("Models");
    }

    private static void BuildDatasetEntry(EntityTypeBuilder entity)
    {
        Key(entity, "Id");
        Texts(entity, "Name");
        Whole(entity, "CreatedAt");
        entity.ToTable("Datasets");
    }

    private static void BuildDatasetVersion(EntityTypeBuilder entity)
    {
        Texts(entity, "DatasetId", "ContentHash", "Shape", "Source");
        Small(entity, "Number", "Rows", "BadRows");
        entity.Property<int?>("Parent").HasColumnType("INTEGER");
        entity.Property<string>("Recipe").HasColumnType("TEXT");
        Whole(entity, "Bytes", "CreatedAt");
        entity.HasKey("DatasetId", "Number");
        entity.HasOne(typeof(DatasetEntry).FullName!, null).WithMany("Versions").HasForeignKey("DatasetId")
            .OnDelete(DeleteBehavior.Cascade).IsRequired();
        entity.ToTable("DatasetVersions");
    }

    private static void BuildRunEntry(EntityTypeBuilder entity)
    {
        Key(entity, "Id");
        Texts(entity, "Name", "Status", "Method", "Model", "Dataset", "Config", "Folder");
        entity.Property<string>("StatusReason").HasColumnType("TEXT");
        entity.Property<string>("Phase").HasColumnType("TEXT");
        Whole(entity, "QueuePosition", "CreatedAt", "LastSeq", "Step");
        foreach (var name in (string[])["StartedAt", "FinishedAt", "TotalSteps"])
        {
            entity.Property<long?>(name).HasColumnType("INTEGER");
        }

        entity.Property<double?>("Loss").HasColumnType("REAL");
        Small(entity, "Priority");
        entity.Property<bool>("Held").HasColumnType("INTEGER");
        entity.HasIndex("Status", "QueuePosition");
        entity.ToTable("Runs");
    }

    private static void BuildRunMetric(EntityTypeBuilder entity)
    {
        Texts(entity, "RunId", "Json");
        Whole(entity, "Seq");
        entity.HasKey("RunId", "Seq");
        entity.HasOne(typeof(RunEntry).FullName!, null).WithMany().HasForeignKey("RunId")
            .OnDelete(DeleteBehavior.Cascade).IsRequired();
        entity.ToTable("RunMetrics");
    }

    private static void BuildTemplateEntry(EntityTypeBuilder entity)
    {
        Key(entity, "Id");
        Texts(entity, "Name", "Text");
        Whole(entity, "CreatedAt", "UpdatedAt");
        entity.HasIndex("Name").IsUnique();
        entity.ToTable("Templates");
    }

    private static void BuildTemplateVersion(EntityTypeBuilder entity)
    {
        Texts(entity, "TemplateId", "Text");
        Small(entity, "Number");
        Whole(entity, "SavedAt");
        entity.HasKey("TemplateId", "Number");
        entity.HasOne(typeof(TemplateEntry).FullName!, null).WithMany().HasForeignKey("TemplateId")
            .OnDelete(DeleteBehavior.Cascade).IsRequired();
        entity.ToTable("TemplateVersions");
    }

    private static void Key(EntityTypeBuilder entity, string name)
    {
        Texts(entity, name);
        entity.HasKey(name);
    }

    private static void Texts(EntityTypeBuilder entity, params string[] names)
    {
        foreach (var name in names)
        {
            entity.Property<string>(name).IsRequired().HasColumnType("TEXT");
        }
    }

    private static void Whole(EntityTypeBuilder entity, params string[] names)
    {
        foreach (var name in names)
        {
            entity.Property<long>(name).HasColumnType("INTEGER");
        }
    }

    private static void Small(EntityTypeBuilder entity, params string[] names)
    {
        foreach (var name in names)
        {
            entity.Property<int>(name).HasColumnType("INTEGER");
        }
    }
}
